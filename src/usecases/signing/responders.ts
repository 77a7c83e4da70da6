import type { Context } from '../../context.ts'
import { chainsIn } from '../../paper/archive.ts'
import { type Certificate, readCertificate } from '../../paper/certificate.ts'
import { type Evidence, evidenceOf } from '../../paper/chain.ts'
import { askResponder, statementOn, type OcspResponse } from '../../paper/ocsp.ts'
import { revocationFinding } from '../../paper/revocation.ts'
import { log } from '../../platform/log.ts'
import { postBytes } from '../../platform/post.ts'
import type { OcspAnswer } from '../../store/ocsp-answers.ts'
import type { TrustMaterial } from '../../store/signing.ts'

/** What responders say (OCSP, DER) of each certificate of a chain to a root; `evidence` is what their own certificates are judged by. */
export type AskResponders = (chain: Certificate[], evidence: Evidence) => Promise<Uint8Array[]>

/** What certificates are judged by, apart from what comes with them. */
export function evidenceIn({ roots, intermediates, crls }: TrustMaterial, at: Date): Evidence {
  const evidence = evidenceOf(roots, crls, at)
  evidence.certificates.push(...intermediates.map(readCertificate))
  return evidence
}

type Asking = Pick<Context, 'ocspAnswers' | 'now'>

const minutes = (count: number, from: Date) => new Date(from.getTime() + count * 60_000)
/** Their clock may be ahead of ours by this many minutes. */
const tolerance = 1

/** Answers are asked for anew each hour, as lists are; while a responder is away the last one serves for as long as it says. */
export const respondersOf =
  (asking: Asking): AskResponders =>
  async (chain, evidence) => {
    const answers = chain.slice(0, -1).map(async (certificate, position) => {
      const issuer = chain[position + 1]
      return issuer && certificate.ocspUrls.length > 0 ? answerAbout(asking, certificate, issuer, evidence) : undefined
    })
    return (await Promise.all(answers)).filter((der) => der !== undefined)
  }

async function answerAbout(
  { ocspAnswers, now }: Asking,
  certificate: Certificate,
  issuer: Certificate,
  evidence: Evidence,
): Promise<Uint8Array | undefined> {
  const at = now()
  const kept = await ocspAnswers.find(certificate.der)
  if (kept && kept.renewAt > at && kept.nextUpdate > at) return kept.der
  const said = await askResponder(certificate, issuer, postTo)
  const fresh = said && (await keepable(certificate, issuer, said, evidence, at))
  if (fresh && !(kept && fresh.thisUpdate < kept.thisUpdate)) {
    await ocspAnswers.keep(fresh, at)
    return fresh.der
  }
  // What does not tell, or not for any time to come, is the judge's to name.
  if (!kept || kept.nextUpdate <= at) return said?.der
  await ocspAnswers.keep({ ...kept, renewAt: minutes(5, at) }, at)
  return kept.der
}

/** What was said, if it tells whether the certificate is revoked, on good authority, for a time to come. */
async function keepable(
  certificate: Certificate,
  issuer: Certificate,
  { der, response }: { der: Uint8Array; response: OcspResponse },
  evidence: Evidence,
  at: Date,
): Promise<OcspAnswer | undefined> {
  const statement = await statementOn(response, certificate, issuer)
  if (!statement || statement.nextUpdate <= at) return undefined
  const by = { ...evidence, responses: [response], at: minutes(tolerance, at) }
  const finding = await revocationFinding([certificate, issuer], { time: at, proven: false, knownAt: null }, by)
  if (finding?.reason === 'revocation-unknown') return undefined
  const { thisUpdate, nextUpdate } = statement
  return { certificate: certificate.der, issuer: issuer.der, der, thisUpdate, nextUpdate, renewAt: minutes(60, at) }
}

const postTo = (url: string, request: Uint8Array) =>
  postBytes(url, request, 'application/ocsp-request').catch((error: unknown) => {
    log('ocsp.unanswered', { url, error })
    return null
  })

/** What responders say now of those who signed or stamped a file of whom no list tells. */
export async function answersAboutFile(context: Asking, file: Uint8Array, evidence: Evidence): Promise<Uint8Array[]> {
  const [ask, moment] = [respondersOf(context), { time: context.now(), proven: false, knownAt: null }]
  const answers = (await chainsIn(file, evidence)).map(async (chain) => {
    const finding = await revocationFinding(chain, moment, evidence)
    return finding?.reason === 'revocation-unknown' ? ask(chain, evidence) : []
  })
  return (await Promise.all(answers)).flat()
}

/** What responders say now of the authorities whose time-stamps needed it within the week. */
export async function answersForStamps(context: Asking, evidence: Evidence): Promise<Uint8Array[]> {
  const recent = await context.ocspAnswers.stampedSince(minutes(-7 * 24 * 60, context.now()))
  const ask = respondersOf(context)
  const answers = recent.map(({ certificate, issuer }) => ask([certificate, issuer].map(readCertificate), evidence))
  return (await Promise.all(answers)).flat()
}
