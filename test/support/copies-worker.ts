// Runs inside of workerd for test/bench/copies.ts: issues copies, and does what nobody can issue without.
import { sha256 } from '../../src/paper/bytes.ts'
import { issueCopy, type CopyOrder } from '../../src/paper/issue.ts'
import { localSigner, type KeyPair } from '../../src/paper/local-signer.ts'

type Wire = { certificate: string; chain: string[]; privateKeyPkcs8: string; algorithm: 'ec' | 'rsa' }
export type Job = { original: string; officer: Wire; seal: Wire; order: CopyOrder }
/** What is done so many times; nothing to know what asking costs. */
export type Work = { what: 'issue' | 'floor' | 'nothing'; rounds: number }

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
const pairOf = ({ certificate, chain, privateKeyPkcs8, algorithm }: Wire): KeyPair => ({
  certificate: bytesOf(certificate),
  chain: chain.map(bytesOf),
  privateKeyPkcs8: bytesOf(privateKeyPkcs8),
  algorithm,
})

/** Prepared once, so that nothing but the work is measured. */
let works: Record<Work['what'], () => Promise<void>> | undefined

function prepare({ original, officer, seal, order }: Job) {
  const bytes = bytesOf(original)
  const signers = { certifier: localSigner(pairOf(officer)), seal: localSigner(pairOf(seal)) }
  const dated = { ...order, certifiedAt: new Date(order.certifiedAt) }
  return {
    issue: async () => {
      const made = await issueCopy(bytes, dated, signers)
      if (!made.ok) throw new Error(made.refusal)
    },
    floor: async () => {
      for (const signer of [signers.certifier, signers.seal]) await signer.sign(await sha256(bytes))
    },
    nothing: () => Promise.resolve(),
  }
}

export default {
  async fetch(request: Request): Promise<Response> {
    const asked: Job | Work = await request.json()
    if ('original' in asked) works = prepare(asked)
    else for (let round = 0; round < asked.rounds; round++) await works?.[asked.what]()
    return new Response()
  },
}
