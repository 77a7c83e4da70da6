import { beforeEach, vi } from 'vitest'

/** Keeps the faults that a test makes on purpose out of its output. */
export const quiet = (...events: string[]) =>
  beforeEach(() => {
    const write = console.log.bind(console)
    const spy = vi.spyOn(console, 'log').mockImplementation((...line: unknown[]) => {
      if (!events.some((event) => String(line[0]).includes(`"event":"${event}"`))) write(...line)
    })
    return () => spy.mockRestore()
  })
