import { expect, test, vi } from 'vitest'
import { log } from '../../src/platform/log.ts'

test('a fault is logged with its place and its cause, but never with the values of a query', () => {
  const lines: string[] = []
  const console = vi.spyOn(globalThis.console, 'log').mockImplementation((line: string) => void lines.push(line))
  const cause = new Error('D1_ERROR: no such table')
  const message = 'Failed query: select * from app where name = ?\nparams: Nguyễn Thị Mẫu,\n001190000001'
  log('outbox.not-sent', { error: new Error(message, { cause }) })
  console.mockRestore()
  expect(lines).toHaveLength(1)
  const { event, error } = JSON.parse(lines[0] ?? '')
  expect(event).toBe('outbox.not-sent')
  expect(error).toMatch(/^Error: Failed query: select \* from app where name = \?\n +at .*log\.test/)
  expect(error).toContain('caused by Error: D1_ERROR: no such table')
  expect(lines[0]).not.toMatch(/Nguyễn|001190000001/)
})
