import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, describe, expect, test } from 'vitest'
import { newSigningKeys, secretText, signedBy } from '../../../src/platform/webhook-signature.ts'

const folder = mkdtempSync(join(tmpdir(), 'motcua-guide-'))
const processes: ChildProcess[] = []
afterAll(() => processes.forEach((one) => one.kill()))

/** The code of a page, by the file name that its first line says, as a reader would save it. */
function saved(language: string): Record<string, string> {
  const page = readFileSync(join(import.meta.dirname, `../../../docs/guides/webhooks.${language}.md`), 'utf8')
  const blocks = [...page.matchAll(/```js\n\/\/ (\S+)\n([\s\S]*?)```/g)]
  return Object.fromEntries(
    blocks.map(([, name = '', code = '']) => {
      const path = join(folder, `${language}-${name}`)
      writeFileSync(path, code)
      return [name, path]
    }),
  )
}

describe.each(['en', 'vi'])('the guide to webhooks (%s)', (language) => {
  const files = saved(language)

  test('its receiver takes what is ours, once, and nothing else', async () => {
    const keys = await newSigningKeys()
    const receiver = spawn(process.execPath, [files['receiver.mjs'] ?? ''], {
      env: { ...process.env, PORT: '0', WEBHOOK_SECRET: secretText(keys.secret) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    processes.push(receiver)
    const lines: string[] = []
    const output = createInterface(receiver.stdout)
    output.on('line', (line) => void lines.push(line))
    await once(output, 'line')
    const port = lines[0]?.replace('listening ', '')
    const body = JSON.stringify({ id: 'event_1', type: 'dossier.accepted', subject: 'X', sequence: '0000000002' })
    const post = async (said: string, headers: Record<string, string>) =>
      (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: said, headers })).status
    const good = { ...(await signedBy([await newSigningKeys(), keys], 'event_1', new Date(), body)) }
    const stale = { ...(await signedBy([keys], 'event_1', new Date(Date.now() - 3_600_000), body)) }
    const foreign = { ...(await signedBy([await newSigningKeys()], 'event_1', new Date(), body)) }
    expect([await post(body, good), await post(body, good)]).toEqual([204, 204])
    const bad = [
      await post(body.replace('accepted', 'resolved'), good),
      await post(body, stale),
      await post(body, foreign),
      await post(body, {}),
    ]
    expect(bad).toEqual([400, 400, 400, 400])
    expect(lines.slice(1)).toEqual(['dossier.accepted X 2'])
  })

  test('its check by public key says the same', async () => {
    const { isGenuine } = await import(files['by-public-key.mjs'] ?? '')
    const keys = await newSigningKeys()
    const headers = await signedBy([await newSigningKeys(), keys], 'event_1', new Date(), '{}')
    expect(isGenuine(keys.publicKey, headers, '{}')).toBe(true)
    expect(isGenuine(keys.publicKey, headers, '{ }')).toBe(false)
    expect(isGenuine((await newSigningKeys()).publicKey, headers, '{}')).toBe(false)
  })
})
