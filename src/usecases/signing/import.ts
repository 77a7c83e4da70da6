import type { Context } from '../../context.ts'
import type { SignerOwner } from '../../domain/signing.ts'
import { equal, fromBase64 } from '../../paper/bytes.ts'
import { type Certificate, keyKindOf, readCertificate } from '../../paper/certificate.ts'
import { NotDer } from '../../paper/der.ts'
import { isPairOf } from '../../paper/local-signer.ts'
import { type InputError, ok, refuse, type Result, type Text } from '../../platform/result.ts'
import { type CredentialInfo, SigningAway, SigningRefused } from '../../platform/signing-service.ts'
import { localTime } from '../../platform/time.ts'
import type { NewCredential, SigningCredential } from '../../store/signing.ts'
import type { Command } from '../../store/idempotency.ts'
import { allowed, ownerName } from '../access.ts'
import { onceForKey, type Replayable } from '../idempotent.ts'
import { respondersOf } from './responders.ts'
import { faultOf } from './signers.ts'

/** A certificate with its authorities (PEM or base64), and where its key is. */
export type Import = {
  owner: SignerOwner
  certificate: string
  chain: string[]
  key: { privateKey: string } | { service: string; credential: string }
}

type Refusal = 'token-needed' | 'not-allowed' | 'invalid-request' | 'signing-not-possible'

/** Keeps a certificate and the way to its key. It signs nothing until it is activated. */
export async function importCredential(
  context: Context,
  given: Import,
  command: Command | undefined,
): Promise<Result<Replayable<SigningCredential>, Refusal | 'idempotency-key-reused'>> {
  const may = allowed(context, 'manageSigners')
  if (!may.ok) return may
  const again = async (id: string) => ok(await existing(context, id))
  return onceForKey<SigningCredential, Refusal>(context, command, again, async () => {
    const read = readImport(given)
    if (!read.ok) return read
    const { certificate, chain, algorithm } = read.value
    const [key, fault] = await Promise.all([
      keyOf(context, given, certificate, algorithm),
      faultOf(
        { certificate: certificate.der, chain },
        await context.signing.trust(),
        context.now(),
        respondersOf(context),
      ),
    ])
    if (!key.ok && key.refusal !== 'invalid-request') return key
    const errors = [
      ...(key.ok ? [] : (key.because?.errors ?? [])),
      // One that is not valid yet, or whose list is late, may come in time.
      ...(fault && !passing.has(fault) ? [wrong('/certificate', fault, words.fault)] : []),
    ]
    if (!key.ok || errors.length > 0) return refuse('invalid-request', { errors })
    const id = `signer_${context.newId()}`
    const at = context.now()
    const [validFrom, validTo] = [localTime(certificate.notBefore), localTime(certificate.notAfter)]
    const { owner } = given
    const credential = { id, owner, certificate: certificate.der, chain, algorithm, key: key.value, validFrom, validTo }
    const along = command ? [context.idempotency.remember(command, id, 1, at)] : []
    const added = await context.signing.add(credential, { by: ownerName(context.actor), at }, along)
    return added.ok ? ok(await existing(context, id)) : added
  })
}

const passing = new Set(['certificate-not-yet-valid', 'revocation-unknown'])

async function existing(context: Context, id: string): Promise<SigningCredential> {
  const found = await context.signing.find(id)
  if (!found) throw new Error(`credential ${id} was imported and is gone`)
  return found
}

type Read = { certificate: Certificate; chain: Uint8Array[]; algorithm: 'ec' | 'rsa' }

function readImport({ certificate, chain }: Import): Result<Read, 'invalid-request'> {
  const leaf = certificateIn(certificate)
  const above = chain.map(certificateIn)
  const algorithm = leaf && keyKindOf(leaf)
  const errors = [
    ...(leaf ? [] : [wrong('/certificate', 'not-a-certificate', words.certificate)]),
    ...above.flatMap((one, at) => (one ? [] : [wrong(`/chain/${at}`, 'not-a-certificate', words.certificate)])),
    ...(leaf && !algorithm ? [wrong('/certificate', 'unusable-key', words.algorithm)] : []),
  ]
  if (!leaf || !algorithm || errors.length > 0) return refuse('invalid-request', { errors })
  return ok({ certificate: leaf, chain: above.flatMap((one) => (one ? [one.der] : [])), algorithm })
}

function certificateIn(text: string): Certificate | undefined {
  const der = bytesIn(text, 'CERTIFICATE')
  if (!der) return undefined
  try {
    return readCertificate(der)
  } catch (error) {
    if (error instanceof NotDer) return undefined
    throw error
  }
}

/** The bytes of a PEM block, or of the same without its frame. */
function bytesIn(text: string, label: string): Uint8Array<ArrayBuffer> | undefined {
  const body = text.replace(`-----BEGIN ${label}-----`, '').replace(`-----END ${label}-----`, '').replaceAll(/\s/g, '')
  return /^[A-Za-z0-9+/]+={0,2}$/.test(body) && body.length % 4 === 0 ? fromBase64(body) : undefined
}

type Key = Result<NewCredential['key'], 'invalid-request' | 'signing-not-possible'>

/** The key where it lies, once it is proved to be the one of the certificate. */
async function keyOf(
  context: Context,
  { key }: Import,
  certificate: Certificate,
  algorithm: 'ec' | 'rsa',
): Promise<Key> {
  if ('privateKey' in key) {
    const pkcs8 = bytesIn(key.privateKey, 'PRIVATE KEY')
    const fits = pkcs8 ? await isPairOf(pkcs8, certificate, algorithm) : false
    return pkcs8 && fits ? ok({ kind: 'sealed', pkcs8 }) : no('/key/privateKey', 'key-does-not-fit', words.key)
  }
  const service = context.signingServices.find(({ name }) => name === key.service)
  if (!service) return no('/key/service', 'unknown-service', words.service)
  try {
    const info = await service.info(key.credential)
    return isSame(info, certificate)
      ? ok({ kind: 'service', ...key })
      : no('/key/credential', info.needsPerson ? 'needs-a-person' : 'key-does-not-fit', words.credential)
  } catch (error) {
    if (error instanceof SigningRefused) return no('/key/credential', 'unknown-credential', words.credential)
    if (error instanceof SigningAway) return refuse('signing-not-possible')
    throw error
  }
}

const isSame = ({ certificates: [first = ''], isEnabled, needsPerson }: CredentialInfo, { der }: Certificate) =>
  isEnabled && !needsPerson && equal(fromBase64(first), der)

const wrong = (pointer: string, code: string, detail: Text): InputError => ({ pointer, code, detail })
const no = (pointer: string, code: string, detail: Text) =>
  refuse('invalid-request', { errors: [wrong(pointer, code, detail)] })

const words = {
  certificate: {
    vi: 'Không phải chứng thư X.509 (PEM hoặc base64).',
    en: 'This is no X.509 certificate (PEM or base64).',
  },
  algorithm: { vi: 'Chỉ nhận khóa RSA từ 2048 bit hoặc EC P-256.', en: 'Keys are RSA from 2048 bits on, or EC P-256.' },
  fault: { vi: 'Không thể ký bằng chứng thư này.', en: 'Nothing can be signed with this certificate.' },
  key: { vi: 'Khóa riêng không thuộc chứng thư này.', en: 'The private key is not that of the certificate.' },
  service: { vi: 'Dịch vụ ký này chưa được cấu hình.', en: 'This signing service is not configured.' },
  credential: {
    vi: 'Dịch vụ ký không có khóa đang hoạt động nào cho chứng thư này dưới tên đó.',
    en: 'Under this name the service has no enabled key of this certificate that signs without a person.',
  },
}
