// Judges certified copies with tools that are not ours: npm run judge -- root.pem copy.pdf...
import 'reflect-metadata'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { PemConverter } from '@peculiar/x509'
import { readAt } from '../paper/der.ts'
import { readSignedData } from '../paper/signed-data.ts'
import { oid } from '../paper/oids.ts'
import { claimsPdfA, clauses, readFile } from './pdf-a.ts'

/** How the files of slips and of the register begin: they have one signature, the unit's seal; a certified copy has the certifier's before it. */
export const [slipPrefix, registerPrefix] = ['phieu-', 'so-'] as const

const signaturesOf = (pdf: string) =>
  [slipPrefix, registerPrefix].some((prefix) => basename(pdf).startsWith(prefix)) ? 1 : 2

/** How many time-stamps over the whole document an archived file ends with: two of the judges cannot judge those. */
const stampsOf = (pdf: string) => count(readFileSync(pdf, 'latin1'), '/SubFilter/ETSI.RFC3161')

type Check = { name: string; passed: boolean; said: string }

function run(command: string, ...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (error) throw new Error(`${command} cannot be run: ${error.message}`)
  return { status, output: `${stdout}${stderr}` }
}

const count = (text: string, part: string) => text.split(part).length - 1

/** pdfsig with an NSS store that trusts the root only: valid and trusted each, the whole file by the last. */
function pdfsig(pdf: string, root: string, folder: string): Check[] {
  const store = `sql:${join(folder, 'nss')}`
  mkdirSync(join(folder, 'nss'), { recursive: true })
  run('certutil', '-N', '-d', store, '--empty-password')
  run('certutil', '-A', '-d', store, '-n', 'root', '-t', 'CT,C,C', '-i', root)
  const { output } = run('pdfsig', '-nssdir', store, pdf)
  const parts = output.split(/^Signature #/m).slice(1)
  const said = output.trim()
  const signed = parts.length - stampsOf(pdf)
  return [
    { name: 'pdfsig: as many signatures as there have to be', passed: signed >= signaturesOf(pdf), said },
    { name: 'pdfsig: every signature is valid', passed: count(output, 'Signature is Valid.') === signed, said },
    {
      name: 'pdfsig: every certificate is trusted',
      passed: count(output, 'Certificate is Trusted.') === signed,
      said,
    },
    {
      name: 'pdfsig: the last one signs the total document',
      passed: /- Total document signed/.test(parts.at(-1) ?? ''),
      said,
    },
  ]
}

type Extracted = { cms: Buffer; content: Buffer }

/** Cuts the signatures out by their byte ranges alone, without our own reader of PDFs. */
function extract(bytes: Buffer): Extracted[] {
  const ranges = bytes.toString('latin1').matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)
  return Array.from(ranges, ([, ...numbers]) => {
    const [start = 0, length = 0, resume = 0, rest = 0] = numbers.map(Number)
    const padded = Buffer.from(bytes.toString('latin1', start + length + 1, resume - 1), 'hex')
    const content = Buffer.concat([bytes.subarray(start, start + length), bytes.subarray(resume, resume + rest)])
    return { cms: Buffer.from(readAt(padded).raw), content }
  })
}

function openssl(pdf: string, root: string, folder: string): Check[] {
  const all = extract(readFileSync(pdf)).map((one) => ({ ...one, data: readSignedData(one.cms) }))
  // A time-stamp over the document leaves to the signatures to bring the authorities.
  const known = all.flatMap(({ data }) => data.certificates.map(({ der }) => new Uint8Array(der)))
  const issuers = known.map((der) => PemConverter.encode(der, 'CERTIFICATE')).join('\n')
  return all.flatMap(({ cms, content, data: { signer, contentType } }, index) => {
    const file = (name: string, bytes: Uint8Array | string) => {
      const path = join(folder, `${index}-${name}`)
      writeFileSync(path, bytes)
      return path
    }
    const untrusted = file('untrusted.pem', issuers)
    const [signed, covered] = [file('sig.cms', cms), file('content.bin', content)]
    const stamp = (...stamped: string[]) =>
      run('openssl', 'ts', '-verify', '-token_in', ...stamped, '-CAfile', root, '-untrusted', untrusted)
    if (contentType === oid.timestampInfo) {
      const ts = stamp('-in', signed, '-data', covered)
      return [{ name: 'openssl ts: time-stamp over the document', passed: ts.status === 0, said: ts.output }]
    }
    const input = ['-inform', 'DER', '-in', signed, '-content', covered]
    const cades = run(
      'openssl',
      'cms',
      '-verify',
      '-cades',
      '-binary',
      ...input,
      '-CAfile',
      root,
      '-purpose',
      'any',
      '-out',
      '/dev/null',
    )
    const token = signer.unsigned.get(oid.signatureTimestamp)
    const checks = [
      { name: `openssl cms -cades: signature ${index + 1}`, passed: cades.status === 0, said: cades.output },
    ]
    if (!token) return [...checks, { name: `signature ${index + 1} has a time-stamp`, passed: false, said: 'none' }]
    const ts = stamp('-in', file('token.der', token.raw), '-data', file('signature.bin', signer.signature))
    return [...checks, { name: `openssl ts: time-stamp ${index + 1}`, passed: ts.status === 0, said: ts.output }]
  })
}

/** The structure of the file, and the QR code on a copy's last page or a slip's or the register's first. */
function structure(pdf: string, _root: string, folder: string): Check[] {
  const qpdf = run('qpdf', '--check', pdf)
  const picture = join(folder, 'page')
  run(
    'pdftoppm',
    '-r',
    '150',
    '-png',
    '-singlefile',
    '-f',
    String(signaturesOf(pdf) === 1 ? 1 : lastPage(pdf)),
    pdf,
    picture,
  )
  const qr = run('zbarimg', '--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', `${picture}.png`)
  return [
    { name: 'qpdf --check', passed: qpdf.status === 0, said: qpdf.output },
    { name: 'zbarimg: the QR code is an address', passed: /^https?:\/\//m.test(qr.output), said: qr.output },
  ]
}

const lastPage = (pdf: string) => Number(run('qpdf', '--show-npages', pdf).output)

/** Another reader of signatures: each is valid by itself, and nothing came after the last. It asks no trust store. */
function mutool(pdf: string): Check[] {
  const { output } = run('mutool', 'sign', '-v', pdf)
  const verdicts = output.split(/^Verifying signature /m).slice(1)
  const isValid = (one: string) => /signature is valid|document is unchanged since signing/i.test(one)
  const stamps = stampsOf(pdf)
  const signatures = verdicts.slice(0, verdicts.length - stamps)
  const all = {
    name: 'mutool: every signature is valid',
    passed: signatures.length >= signaturesOf(pdf) && signatures.every(isValid),
    said: output,
  }
  // What an archive time-stamp adds is a change to it.
  if (stamps > 0) return [all]
  return [
    all,
    {
      name: 'mutool: unchanged since the last one',
      passed: (verdicts.at(-1) ?? '').includes('The document is unchanged since signing'),
      said: output,
    },
  ]
}

/** Each clause of ISO 19005-3, of files that claim to keep them; a slip and the register must claim it. */
async function clausesOfPdfA(pdf: string): Promise<Check[]> {
  const bytes = readFileSync(pdf)
  if (!claimsPdfA(bytes))
    return signaturesOf(pdf) === 2 ? [] : [{ name: 'claims to be PDF/A-3b', passed: false, said: '' }]
  const file = await readFile(bytes)
  return clauses.map(({ clause, promise, faults }) => {
    const found = faults(file)
    return {
      name: `PDF/A-3b, ISO 19005-3 ${clause}: it ${promise}`,
      passed: found.length === 0,
      said: found.join('\n'),
    }
  })
}

const java = '/usr/share/java'
const jars = ['preflight', 'pdfbox2', 'fontbox2', 'xmpbox', 'commons-logging', 'javax.activation', 'jaxb-api']

/** PDF/A-3 allows what PDF/A-1, which this judge knows, did not: files within, subsets without a CIDSet, unseen widgets. */
const newInPart3 = [
  /^1\.4\.7 : .*EmbeddedFile entry is present in the Names dictionary/,
  /^1\.2\.9 : .*EmbeddedFile entry is present in a FileSpecification dictionary/,
  /^3\.1\.11 : .*The CIDSet entry is missing/,
  /^5\.3\.1 : .*widget annotation lacks an appearance dictionary/,
  /^7\.11\.2 : .*part must be 1/,
]

/** Apache PDFBox Preflight: a validator of PDF/A-1b, whose demands are all but a few those of PDF/A-3b. */
function preflight(pdf: string): Check[] {
  if (!claimsPdfA(readFileSync(pdf))) return []
  const path = jars.map((jar) => `${java}/${jar}.jar`).join(':')
  const { output } = run('java', '-cp', path, 'org.apache.pdfbox.preflight.Validator_A1b', pdf)
  const errors = output.split('\n').filter((line) => /^\d[\d.]* : /.test(line))
  const faults = errors.filter((line) => !newInPart3.some((known) => known.test(line)))
  // It must have seen the file: what part 3 allows is always there.
  const isJudged = errors.some((line) => line.startsWith('7.11.2 :'))
  return [
    { name: 'preflight: PDF/A-1b but for what part 3 allows', passed: isJudged && faults.length === 0, said: output },
  ]
}

/** Each judge with the programs that it needs, and the Debian packages that hold them. */
const judges = [
  { name: 'pdfsig', needs: ['pdfsig', 'certutil'], packages: 'poppler-utils libnss3-tools', of: pdfsig },
  { name: 'openssl', needs: ['openssl'], packages: 'openssl', of: openssl },
  { name: 'qpdf', needs: ['qpdf', 'pdftoppm', 'zbarimg'], packages: 'qpdf poppler-utils zbar-tools', of: structure },
  { name: 'mutool', needs: ['mutool'], packages: 'mupdf-tools', of: mutool },
  { name: 'PDF/A', needs: [], packages: '', of: clausesOfPdfA },
  {
    name: 'preflight',
    needs: ['java', ...jars.map((jar) => `${java}/${jar}.jar`)],
    packages: 'default-jre-headless libpdfbox2-java libactivation-java libjaxb-api-java',
    of: preflight,
  },
]

const isInstalled = (need: string) =>
  need.startsWith('/') ? existsSync(need) : spawnSync(need, ['--version'], { stdio: 'ignore' }).error === undefined

/** The judges that cannot be asked on this machine, and what to install for them. */
export const absentJudges = (): { name: string; packages: string }[] =>
  judges.filter(({ needs }) => !needs.every(isInstalled))

export type Judged = { pdf: string; checks: Check[] }

/** What each judge of this machine says of a copy, trusting nothing but this root certificate. */
export async function judge(pdf: string, root: string): Promise<Judged> {
  const folder = mkdtempSync(join(tmpdir(), 'motcua-judge-'))
  try {
    const present = judges.filter(({ needs }) => needs.every(isInstalled))
    const checks: Check[] = []
    for (const { of } of present) checks.push(...(await of(pdf, root, folder)))
    return { pdf: basename(pdf), checks }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function main([root, ...pdfs]: string[]): Promise<number> {
  if (!root || pdfs.length === 0) throw new Error('usage: npm run judge -- root.pem copy.pdf...')
  const absent = absentJudges()
  for (const { name, packages } of absent) console.log(`skipped ${name}: not installed (${packages})`)
  const judged: Judged[] = []
  for (const pdf of pdfs) judged.push(await judge(pdf, root))
  for (const { pdf, checks } of judged) {
    console.log(pdf)
    for (const { name, passed, said } of checks)
      console.log(passed ? `  ok      ${name}` : `  FAILED  ${name}\n${said}`)
  }
  const checks = judged.flatMap((one) => one.checks)
  const failed = checks.filter(({ passed }) => !passed).length
  console.log(`${checks.length - failed} passed, ${failed} failed`)
  return failed > 0 || checks.length === 0 ? 1 : 0
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
