import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { personaNamed } from './personas.ts'
import { mediaTypeOf, scan } from './scan.ts'
import { type Client, Copy, Unexpected, Verdict } from './walk-client.ts'
import { degree } from './walk-papers.ts'
import { called, demoFolder } from './walk-story.ts'
import { voice } from './walk-voice.ts'

/** Two copies of an original that was shown at a counter. */
export const counterFile = '8-bang-tot-nghiep.pdf'

const Counted = Copy.extend({ original: z.object({ paid: z.boolean(), fee: z.object({ amount: z.number() }) }) })
const Certified = z.object({ items: z.array(Counted).min(1) })
const Payment = z.object({ id: z.string(), status: z.string(), receipt: z.string().nullable() })

/** A citizen shows a degree at a counter, pays in cash, and finds the copies in their account. */
export async function certifyAtCounter(client: Client): Promise<void> {
  const citizen = personaNamed('citizen')
  if (citizen?.kind !== 'citizen') throw new Error('the personas have a citizen')
  const owner = { type: 'citizen', fullName: citizen.name, personalId: citizen.personalId }
  const file = await client.upload('certifier', await scan(degree, { as: 'jpeg' }), mediaTypeOf.jpeg)
  const json = { original: { paper: 'degree', pages: 1, owner }, scan: file, paperSeen: true, copies: 2 }
  const certified = await client.read(Certified, 'certifier', '/v1/copies', { json, status: 202 })
  const [first] = certified.items
  if (!first) throw new Unexpected('no copy')
  const { id, number, original } = first
  const amount = original.fee.amount
  voice.step(
    called('certifier'),
    `đối chiếu bản chính, chứng thực · has seen the original: ${number}, 2 bản`,
    certified.ms,
  )

  const payments = `/v1/copies/${id}/payments`
  const headers = { 'if-match': '"1"' }
  const cash = { method: 'cash', amount }
  const paid = await client.read(Payment, 'reception', payments, { json: cash, headers, status: 201 })
  voice.step(called('reception'), `thu ${amount} đồng, biên lai · takes the fee, receipt ${paid.receipt}`, paid.ms)

  for (let tries = 0; (await client.read(Copy, 'citizen', `/v1/copies/${id}`)).status !== 'valid'; tries++) {
    if (tries > 150) throw new Unexpected(`copy ${number} was paid and never issued`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  const content = await client.ask('citizen', `/v1/copies/${id}/content`)
  writeFileSync(join(demoFolder, counterFile), content.bytes)
  const verdict = await client.read(Verdict, null, '/v1/verifications', {
    bytes: content.bytes,
    headers: { 'content-type': 'application/pdf' },
  })
  if (verdict.indication !== 'TOTAL-PASSED' || verdict.registered?.number !== number)
    throw new Unexpected(`the copy was judged ${JSON.stringify(verdict)}`)
  voice.step(
    called('citizen'),
    `có trong tài khoản, đã kiểm tra · in the account, checked: ${verdict.indication}`,
    content.ms,
  )
}
