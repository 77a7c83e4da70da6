import { createApp } from './app.ts'
import { liveChores, lookAfter } from './chores.ts'
import { keepDeadLetters } from './consumers/dead-letter.ts'
import { handle } from './consumers/handle.ts'
import { relay } from './outbox/relay.ts'
import { throughDoor } from './sandbox/door.ts'
import { contextOf } from './wiring.ts'

export { Sandbox } from './sandbox/sandbox.ts'

const app = createApp()

/** The three doors: people and apps, the queue, the clock. */
export default {
  fetch: (request, env, execution) => throughDoor(request, env) ?? app.fetch(request, env, execution),
  async queue(batch, env) {
    const context = contextOf(env, { kind: 'public' })
    await (batch.queue === 'motcua-dead' ? keepDeadLetters(batch, context) : handle(batch, context))
    await relay(env)
  },
  async scheduled(_event, env) {
    await lookAfter(contextOf(env, { kind: 'public' }), liveChores)
    await relay(env)
  },
} satisfies ExportedHandler<Env>
