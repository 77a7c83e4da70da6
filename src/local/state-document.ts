import { type ClockEffect, statusCodes, type Transition, transitions } from '../domain/transitions.ts'

const clocks: Record<ClockEffect, string> = {
  start: 'starts',
  pause: 'pauses',
  'go-on': 'goes on',
  stop: 'stops',
  none: '',
}

const through: Record<Transition['through'], string> = {
  transitions: '`POST …/transitions`',
  supplements: '`POST …/supplements`',
  payments: '`POST …/payments`, or the word of the payment provider',
  clock: 'by itself, when a time has run out',
}

const identifier = (status: string) => status.replaceAll('-', '_')

/** `docs/state.md`: the life of a dossier, drawn from the table that the rules themselves read. */
export function stateDocument(): string {
  const statuses = Object.entries(statusCodes)
  const ends = statuses.map(([name]) => name).filter((name) => !transitions.some(({ from }) => from === name))
  const names = statuses.map(([name, code]) => `    ${identifier(name)} : ${name} (${code})`)
  const arrows = transitions.map(({ from, to, by, event }) => {
    const label = `${event.replace('dossier.', '')} [${by.join(', ')}]`
    return `    ${identifier(from)} --> ${identifier(to)} : ${label}`
  })
  const rows = transitions.map((row) => {
    const form = row.slip ? `\`${row.slip}\`` : ''
    return `| \`${row.from}\` | \`${row.to}\` | ${row.by.join(', ')} | ${row.needs.join(', ')} | \`${row.event}\` | ${clocks[row.clock]} | ${form} | ${through[row.through]} |`
  })
  return `# The life of a dossier

Made from \`src/domain/transitions.ts\` by \`npm run docs\`; do not edit. The number behind a status is its code in the
national systems. Every arrow is one event of the journal; whatever has no arrow is refused with \`step-not-possible\`.

\`\`\`mermaid
stateDiagram-v2
    [*] --> submitted : submitted
${names.join('\n')}
${arrows.join('\n')}
${ends.map((name) => `    ${identifier(name)} --> [*]`).join('\n')}
\`\`\`

| from | to | who | what is given | event | the legal clock | official form | how |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}

\`applicant\` is the owner of the dossier or the app that handed it in; the other names are roles of officers; \`service\` is the service itself.

What is handled in the day may be received and decided in one session: an officer of the competent unit who may take both steps asks for
\`resolved\` of a \`submitted\` dossier, and both are journalled. Its receipt is given on request. What holds for one procedure, for example whether
a supplement makes the clock start again, is under \`steps\` of \`GET /v1/procedures/{code}\`.

An officer acts for the competent unit; a receiving point only receives and hands out.
`
}
