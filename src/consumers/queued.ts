/** A message as a queue hands it over: one of the runtime, or a sandbox's own. */
export type Queued = Pick<MessageBatch['messages'][number], 'id' | 'body' | 'attempts' | 'ack' | 'retry'>
export type QueuedBatch = { messages: readonly Queued[] }
