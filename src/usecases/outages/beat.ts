import type { Context } from '../../context.ts'
import { log } from '../../platform/log.ts'
import { localTime } from '../../platform/time.ts'

const service = { kind: 'service', id: 'clock' } as const

const reason = {
  vi: 'Hệ thống tự phát hiện: trong khoảng này các tác vụ hằng phút không chạy.',
  en: 'Noticed by the service itself: in this time its chores of each minute did not run.',
}

/** Leaves a sign of life. Where the last one is too long ago, the time between becomes an outage, in the same batch: once. */
export async function beat(context: Context): Promise<void> {
  const at = context.now()
  for (let attempt = 0; attempt < 3; attempt++) {
    const last = await context.outages.lastBeat()
    const gap = last ? (at.getTime() - last.getTime()) / 60_000 : 0
    if (!last || gap <= context.config.outageAfterMinutes) return context.outages.beat(at)
    const [id, from, to] = [context.newId(), localTime(last), localTime(at)]
    const outage = { id, version: 1, kind: 'detected', from, to, announcedAt: null, reason, withdrawn: false } as const
    const done = await context.outages.write(outage, { at, actor: service, along: [context.outages.beatStatement(at)] })
    if (done.ok) return log('outage.detected', { id, minutes: Math.floor(gap) })
  }
}
