import type { Operation } from './description.ts'
import { resolved } from './description.ts'

/** The bodies that the reference shows for an operation, by name; `''` where there is only one. */
export function requestExamples(operation: Operation, type: string): [name: string, body: unknown][] {
  const content = operation.requestBody?.content[type]
  if (!content) return []
  if (content.examples)
    return Object.entries<{ value: unknown }>(content.examples).map(([name, { value }]) => [name, value])
  const only = content.example ?? resolved(content.schema).example
  return only === undefined ? [] : [['', only]]
}
