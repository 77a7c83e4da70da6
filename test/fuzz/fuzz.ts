import fc from 'fast-check'
import type { Operation } from '../support/description.ts'
import { type Answered, faultsOf } from './judge.ts'
import { requestsTo } from './request.ts'
import { type Asked, curlOf, type World } from './asked.ts'

export type Door = (request: Request) => Promise<Response>

export type Figures = {
  requests: number
  seconds: number
  statuses: Record<string, number>
  codes: Record<string, number>
  /** Of each kind of fault one request that shows it. */
  faults: { fault: string; count: number; curl: string }[]
}

type Run = {
  door: Door
  operations: readonly Operation[]
  world: World
  /** How many requests in all, shared evenly. */
  requests: number
  seed: number
}

/** Requests under way at once. */
const inFlight = 16

/** The request as a Worker would get it; undefined where no client could send it. */
function sendable({ method, target, headers, body }: Asked): Request | undefined {
  try {
    const sent = new Headers()
    for (const [name, value] of headers) sent.append(name, value)
    return new Request(`https://api.test${target}`, {
      method,
      headers: sent,
      redirect: 'manual',
      ...(body && { body }),
    })
  } catch {
    return undefined
  }
}

async function answerOf(door: Door, request: Request): Promise<Answered> {
  const response = await door(request)
  const bytes = new Uint8Array(await response.arrayBuffer())
  return { status: response.status, headers: response.headers, bytes, text: new TextDecoder().decode(bytes) }
}

/** Sends so many requests through the door, several at once, and judges each answer. */
export async function fuzz({ door, operations, world, requests, seed }: Run): Promise<Figures> {
  const figures: Figures = { requests: 0, seconds: 0, statuses: {}, codes: {}, faults: [] }
  const began = performance.now()
  const each = Math.ceil(requests / operations.length)
  const note = (fault: string, asked: Asked) => {
    const same = figures.faults.find((one) => one.fault === fault)
    if (same) same.count++
    else figures.faults.push({ fault, count: 1, curl: curlOf(asked, world) })
  }
  const look = async (asked: Asked) => {
    const request = sendable(asked)
    if (!request) return
    const answer = await answerOf(door, request).catch((error: unknown) => String(error))
    figures.requests++
    if (typeof answer === 'string') return note(`no answer: ${answer}`, asked)
    figures.statuses[answer.status] = (figures.statuses[answer.status] ?? 0) + 1
    const code = answer.status >= 400 ? /"(?:code|error)":"([a-z_-]+)"/.exec(answer.text)?.[1] : undefined
    if (code) figures.codes[code] = (figures.codes[code] ?? 0) + 1
    for (const fault of faultsOf(asked, answer, world)) note(`${asked.operation.operationId}: ${fault}`, asked)
  }
  // In rounds, so that what one operation changes is met by the others.
  const round = 25
  for (let turn = 0; figures.requests < requests && turn < each * 2; turn += round)
    for (const [index, operation] of operations.entries()) {
      const asked = fc.sample(requestsTo(operation, world), {
        numRuns: Math.min(round, each),
        seed: seed + turn * 1000 + index,
      })
      const queue = asked.values()
      await Promise.all(
        Array.from({ length: inFlight }, async () => {
          for (const one of queue) await look(one)
        }),
      )
      if (figures.requests >= requests) break
    }
  figures.seconds = (performance.now() - began) / 1000
  return figures
}

/** The figures for people. */
export const told = ({ requests, seconds, statuses, codes, faults }: Figures, seed: number): string => {
  const list = (counts: Record<string, number>) =>
    Object.entries(counts)
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')
  const found = faults.map(({ fault, count, curl }) => `✗ ${fault} (${count})\n  ${curl.slice(0, 3000)}`)
  return [
    `seed ${seed}: ${requests} requests, ${Math.round(requests / seconds)} a second`,
    list(statuses),
    list(codes),
    ...found,
  ].join('\n')
}
