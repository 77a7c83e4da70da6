// Runs inside of workerd for test/bench/copies.ts: issues copies, and does what nobody can issue without.
import { sha256 } from '../../src/paper/bytes.ts'
import { issueCopy, type CopyOrder } from '../../src/paper/issue.ts'
import { localSigner, type KeyPair } from '../../src/paper/local-signer.ts'

type Wire = { certificate: string; chain: string[]; privateKeyPkcs8: string; algorithm: 'ec' | 'rsa' }
export type Job = { original: string; officer: Wire; seal: Wire; order: CopyOrder; rounds: number }
/** Milliseconds for one copy, and for the floor: twice the SHA-256 of its bytes and a raw signature. */
export type Timing = { issue: number; floor: number; size: number }

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
const pairOf = ({ certificate, chain, privateKeyPkcs8, algorithm }: Wire): KeyPair => ({
  certificate: bytesOf(certificate),
  chain: chain.map(bytesOf),
  privateKeyPkcs8: bytesOf(privateKeyPkcs8),
  algorithm,
})

export default {
  async fetch(request: Request): Promise<Response> {
    const { original, officer, seal, order, rounds }: Job = await request.json()
    const bytes = bytesOf(original)
    const signers = { certifier: localSigner(pairOf(officer)), seal: localSigner(pairOf(seal)) }
    const dated = { ...order, certifiedAt: new Date(order.certifiedAt) }
    const issue = async () => {
      const made = await issueCopy(bytes, dated, signers)
      if (!made.ok) throw new Error(made.refusal)
      return made.value.bytes.length
    }
    const floor = async () => {
      for (const signer of [signers.certifier, signers.seal]) await signer.sign(await sha256(bytes))
    }
    const timed = async (work: () => Promise<unknown>) => {
      const began = performance.now()
      for (let round = 0; round < rounds; round++) await work()
      return (performance.now() - began) / rounds
    }
    const size = await issue()
    await timed(issue)
    // Warmed up, then alternating, so that a busy neighbour slows both; the best of each is what the code can do.
    const [issues, floors]: [number[], number[]] = [[], []]
    for (let turn = 0; turn < 15; turn++) {
      issues.push(await timed(issue))
      floors.push(await timed(floor))
    }
    const timing: Timing = { issue: Math.min(...issues), floor: Math.min(...floors), size }
    return Response.json(timing)
  },
}
