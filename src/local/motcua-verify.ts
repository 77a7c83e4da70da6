#!/usr/bin/env node
// Judges a PDF without a network, by the very code of the service: npx motcua-verify file.pdf --root root.pem
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { fromBase64, latin1Text } from '../paper/bytes.ts'
import type { Reason } from '../paper/reason-words.ts'
import { verifyPdf, type Verdict } from '../paper/verify.ts'

const usage = `usage: motcua-verify file.pdf --root root.pem [--root more.pem] [--crl list.crl] [--signer name] [--at time] [--json]
  --root    certificates that you trust, PEM or DER; nothing in the file is trusted without them
  --crl     revocation lists at hand, beside those in the file
  --signer  somebody who must have signed, by the name in the certificate
  --at      judge as of this time (RFC 3339); now if not told
exit status: 0 TOTAL-PASSED, 1 TOTAL-FAILED, 2 INDETERMINATE, 64 wrong use`

const options = {
  root: { type: 'string', multiple: true },
  crl: { type: 'string', multiple: true },
  signer: { type: 'string', multiple: true },
  at: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/** Every block of a PEM file, or the file itself where it is DER. */
function derIn(path: string): Uint8Array[] {
  const bytes = new Uint8Array(readFileSync(path))
  const blocks = [...latin1Text(bytes).matchAll(/-----BEGIN [A-Z0-9 ]+-----([^-]*)-----END/g)]
  return blocks.length > 0 ? blocks.map(([, base64 = '']) => fromBase64(base64.replaceAll(/\s/g, ''))) : [bytes]
}

const joined = (parts: (string | null)[]) => parts.filter((part) => part !== null && part !== '').join(', ')

const because = (reasons: Reason[], indent: string) =>
  reasons.map(({ code, subIndication, words: { vi, en } }) => `${indent}${code} (${subIndication}): ${vi} ${en}`)

function told(file: string, verdict: Verdict): string {
  const { indication, subIndication, reasons, wholeDocumentCovered, signatures, requiredSigners } = verdict
  const ofSignatures = signatures.flatMap((one) => {
    const when = one.signedAt ? `proven at ${one.signedAt.toISOString()}` : null
    const who = joined([one.signer, one.kind === 'signature' ? null : one.kind, when])
    return [`  ${one.field}: ${who}: ${joined([one.indication, one.subIndication])}`, ...because(one.reasons, '    ')]
  })
  const missing = requiredSigners.flatMap((one) => (one.signed || !('commonName' in one) ? [] : [one.commonName]))
  return [
    `${file}: ${joined([indication, subIndication, wholeDocumentCovered ? null : 'not covered to its end'])}`,
    ...because(reasons, '  '),
    ...ofSignatures,
    ...missing.map((name) => `  ${name}: has not signed`),
  ].join('\n')
}

const statusOf = { 'TOTAL-PASSED': 0, 'TOTAL-FAILED': 1, INDETERMINATE: 2 } as const

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const [file, ...more] = positionals
  const at = values.at === undefined ? new Date() : new Date(values.at)
  if (file === undefined || more.length > 0 || !values.root?.length || Number.isNaN(at.getTime())) {
    console.error(usage)
    return 64
  }
  const verdict = await verifyPdf(new Uint8Array(readFileSync(file)), {
    roots: values.root.flatMap(derIn),
    crls: (values.crl ?? []).flatMap(derIn),
    at,
    requiredSigners: (values.signer ?? []).map((commonName) => ({ commonName })),
  })
  console.log(values.json ? JSON.stringify(verdict, null, 2) : told(file, verdict))
  return statusOf[verdict.indication]
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return 64
})
