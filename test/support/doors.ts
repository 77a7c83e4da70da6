import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { createApp } from '../../src/app.ts'
import type { World } from '../../src/sandbox/world.ts'
import { type Ask, askAt } from './api.ts'

const app = createApp()

/** A front door behind which some of the machinery is another one; what goes on after the reply is waited for. */
export const doorWith = (change: Partial<World>): Ask =>
  askAt(async (request) => {
    const context = createExecutionContext()
    const response = await app.fetch(request, { ...env, ...change }, context)
    await waitOnExecutionContext(context)
    return response
  })

/** A queue that takes nothing. */
export const deadQueue: Pick<Env['OUTBOX_QUEUE'], 'send' | 'sendBatch' | 'metrics'> = {
  send: () => Promise.reject(new Error('the queue is down')),
  sendBatch: () => Promise.reject(new Error('the queue is down')),
  metrics: () => Promise.reject(new Error('the queue is down')),
}
