// Judges a PDF in the browser, by the very code of the service. The file goes nowhere; its SHA-256 only if the reader says so.
import { verifyPdf } from './verify-pdf.js'

const said = (id) => JSON.parse(document.getElementById(id).textContent)
const { words, language } = said('words')
const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
const trust = said('trust')
const [roots, crls] = [trust.roots.map(fromBase64), trust.crls.map(fromBase64)]

const input = document.getElementById('file')
const drop = document.getElementById('drop')
const result = document.getElementById('result')
const largest = 10 * 1024 * 1024

/** An element with a class and what is in it: text or further elements. */
function element(name, className, ...content) {
  const made = document.createElement(name)
  made.className = className
  made.append(...content.filter((one) => one !== null))
  return made
}

const tones = { 'TOTAL-PASSED': 'good', 'TOTAL-FAILED': 'bad', INDETERMINATE: 'doubt' }
const time = (at) =>
  at === null
    ? null
    : new Date(at).toLocaleString(language === 'vi' ? 'vi-VN' : 'en-GB', { timeZone: 'Asia/Ho_Chi_Minh' })

const because = (reasons) =>
  reasons.length === 0
    ? null
    : element(
        'ul',
        '',
        ...reasons.map(({ words: text, code }) =>
          element('li', '', text[language], ' ', element('code', 'quiet', code)),
        ),
      )

function facts(rows) {
  const known = rows.filter(([, value]) => value !== null && value !== undefined)
  return element('dl', '', ...known.flatMap(([label, value]) => [element('dt', '', label), element('dd', '', value)]))
}

const badge = ({ indication, subIndication }, texts) =>
  element(
    'p',
    '',
    element('span', `status ${tones[indication]}`, texts[indication]),
    ' ',
    element('code', 'quiet', subIndication === null ? indication : `${indication}, ${subIndication}`),
  )

const signature = (one) =>
  element(
    'section',
    'signature',
    element('h3', '', one.kind === 'timestamp' ? words.stamp : (one.signer ?? words.unknown)),
    badge(one, words.ofSignature),
    facts([
      [words.organisation, one.organisation],
      [words.provenAt, time(one.signedAt)],
      [words.issuer, one.issuer],
    ]),
    because(one.reasons),
  )

const hexOf = async (bytes) =>
  Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')

/** What the register says of these bytes, or of those that were signed where others only added to their proof. */
async function registered(bytes, signedTo) {
  for (const end of signedTo > 0 && signedTo < bytes.length ? [bytes.length, signedTo] : [bytes.length]) {
    const response = await fetch('/v1/verifications', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ sha256: await hexOf(bytes.subarray(0, end)) }),
    })
    if (!response.ok) throw new Error(`status ${response.status}`)
    const { registered: found } = await response.json()
    if (found !== null) return found
  }
  return null
}

function told(found) {
  if (found === null) return element('p', '', words.notRegistered)
  const link = element('a', 'mono', found.number)
  link.href = `/v1/verifications/${encodeURIComponent(found.number)}`
  const tone = found.status === 'valid' ? 'good' : 'bad'
  return element(
    'div',
    '',
    element('p', '', element('span', `status ${tone}`, words.statuses[found.status] ?? found.status)),
    facts([
      [words.number, link],
      [words.document, found.title],
      [words.unit, found.unit.name[language]],
    ]),
  )
}

/** The question to the register: asked only by a click. */
function asking(bytes, signedTo) {
  const button = element('button', '', words.ask)
  button.type = 'button'
  const box = element('section', '', element('h2', '', words.today), element('p', '', words.consent), button)
  button.addEventListener('click', async () => {
    button.disabled = true
    const answer = await registered(bytes, signedTo).then(told, () => element('p', 'bad', words.away))
    box.querySelector('.answer')?.remove()
    box.append(element('div', 'answer', answer))
    button.disabled = false
  })
  return box
}

async function judge(file) {
  const show = (...content) => result.replaceChildren(...content.filter((one) => one !== null))
  if (file.size > largest) return show(element('p', 'bad', words.tooLarge))
  show(element('p', 'quiet', words.working))
  const bytes = new Uint8Array(await file.arrayBuffer())
  const verdict = await verifyPdf(bytes, { roots, crls, at: new Date() })
  show(
    element('h2', '', file.name),
    badge(verdict, words.ofFile),
    because(verdict.reasons),
    ...verdict.signatures.map(signature),
    ...(verdict.indication === 'TOTAL-FAILED' ? [] : [asking(bytes, verdict.signedTo)]),
  )
}

const begin = (file) => file && judge(file).catch(() => result.replaceChildren(element('p', 'bad', words.fault)))

input.addEventListener('change', () => begin(input.files[0]))
for (const type of ['dragover', 'dragleave', 'drop'])
  drop.addEventListener(type, (event) => {
    event.preventDefault()
    drop.classList.toggle('over', type === 'dragover')
    if (type === 'drop') begin(event.dataTransfer.files[0])
  })
drop.hidden = false
// A browser that goes back to the page brings what was chosen.
begin(input.files[0])
