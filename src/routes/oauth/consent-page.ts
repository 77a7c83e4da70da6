import { html } from 'hono/html'
import type { ConsentScope } from '../../domain/consent.ts'
import type { Question } from '../../usecases/consents/choose.ts'
import { page } from '../page.ts'
import { consentWords, type HowFar } from './consent-words.ts'

/** What the page may do: show itself, and send its form here and, with the answer, on to the app. Nobody may frame it. */
export const consentPolicy = (redirectUri: string): string =>
  `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self' ${new URL(redirectUri).origin}; frame-ancestors 'none'`

type View = {
  id: string
  question: Question
  language: 'vi' | 'en'
  /** Proves that the form is this page's. */
  form: string
  now: Date
  /** What was sent already, where something was left open. */
  sent: URLSearchParams | undefined
}

const style = `
fieldset { border: 1px solid var(--line); border-radius: .5rem; margin: 1rem 0; padding: .5rem 1rem 1rem } legend { font-weight: 700; padding: 0 .4rem }
label { display: flex; gap: .6rem; align-items: baseline; padding: .3rem 0 } ul.items { list-style: none; margin: 0 0 .5rem 1.6rem; padding: 0; max-height: 16rem; overflow: auto }
.answers { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; margin-top: 1.5rem } button { font: inherit; font-weight: 700; padding: .8rem 1rem; border: 2px solid var(--accent); border-radius: .5rem; background: transparent; color: var(--accent); cursor: pointer }
button.allow { background: var(--accent); color: var(--paper) } .switch { float: right } [role=alert] { border-left: 4px solid var(--bad); padding-left: .75rem } input { accent-color: var(--accent) }`

/** Who asks for what, for what purpose, how far and for how long. Nothing that gives more is chosen beforehand; the shortest time is. */
export function consentPage({ id, question, language, form, now, sent }: View) {
  const { request, citizen, app, sides, side, scopes, days } = question
  const words = consentWords[language]
  const isSent = (name: string, value: string) => sent?.getAll(name).includes(value) ?? false
  const [otherLanguage, otherName] = words.other
  const otherSide = sides.find((one) => one !== side)
  const date = app.createdAt.slice(0, 10).split('-').toReversed().join('/')
  const kind = (scope: ConsentScope) => {
    const items = itemsOf(question, scope, language)
    const text = words.scopes[scope]
    const choices: HowFar[] = items.length > 0 ? ['all', 'only', 'none'] : ['all', 'none']
    return html`<fieldset>
      <legend>${text.title}</legend>
      <p class="quiet">${text.what} ${items.length === 0 ? text.nothing : ''}</p>
      ${choices.map(
        (choice) =>
          html`<label
              ><input
                type="radio"
                name="${scope}"
                value="${choice}"
                required
                ${isSent(scope, choice) ? 'checked' : ''}
              /><span
                >${words.reaches[choice]}
                ${choice === 'only' && items.length === 50 ? html`<span class="quiet">(${words.newest})</span>` : ''}</span
              ></label
            >${
              choice === 'only'
                ? html`<ul class="items">
                    ${items.map(
                      ({ value, name }) =>
                        html`<li>
                          <label
                            ><input
                              type="checkbox"
                              name="${scope}"
                              value="${value}"
                              ${isSent(scope, value) ? 'checked' : ''}
                            /><span
                              >${name} <span class="mono quiet">${value.replace(/^copy_.*/, '')}</span></span
                            ></label
                          >
                        </li>`,
                    )}
                  </ul>`
                : ''
            }`,
      )}
    </fieldset>`
  }
  return page(
    words.title(app.name),
    html`<p class="switch">
        <a href="?lang=${otherLanguage}&amp;side=${side}" lang="${otherLanguage}">${otherName}</a>
      </p>
      <h1>${words.title(app.name)}</h1>
      ${sent ? html`<p role="alert" class="bad">${words.again}</p>` : ''}
      <dl>
        <dt>${words.app}</dt>
        <dd><b>${app.name}</b> <span class="quiet">(${words.since(date)})</span></dd>
        <dt>${words.purpose}</dt>
        <dd><b>${request.purpose[language]}</b></dd>
        <dt>${words.you}</dt>
        <dd>
          ${side === 'person' ? (citizen.name ?? citizen.personalId) : words.organisation(citizen.taxCode ?? '')}
          ${
            otherSide
              ? html`<br /><a href="?lang=${language}&amp;side=${otherSide}"
                    >${otherSide === 'person' ? words.forPerson : words.forOrganisation}</a
                  >`
              : ''
          }
        </dd>
        <dt>${words.returns}</dt>
        <dd class="mono">${new URL(request.redirectUri).host}</dd>
      </dl>
      <form method="post" action="/oauth/authorizations/${id}">
        <input type="hidden" name="form" value="${form}" />
        <input type="hidden" name="side" value="${side}" />
        <input type="hidden" name="lang" value="${language}" />
        ${scopes.map(kind)}
        <fieldset>
          <legend>${words.howLong}</legend>
          ${days.map(
            (count, index) =>
              html`<label
                ><input
                  type="radio"
                  name="days"
                  value="${count}"
                  required
                  ${(sent ? isSent('days', String(count)) : index === 0) ? 'checked' : ''}
                /><span
                  >${words.days(count)}
                  <span class="quiet">${words.until(new Date(now.getTime() + count * 86_400_000))}</span></span
                ></label
              >`,
          )}
        </fieldset>
        <ul>
          ${words.notes.map((note) => html`<li>${note}</li>`)}
        </ul>
        <div class="answers">
          <button name="decision" value="deny" formnovalidate>${words.deny}</button>
          <button name="decision" value="allow" class="allow">${words.allow}</button>
        </div>
      </form>`,
    style,
    language,
  )
}

function itemsOf({ dossiers, copies, procedures }: Question, scope: ConsentScope, language: 'vi' | 'en') {
  if (scope === 'citizen:copies:read')
    return copies.map(({ copy, number }) => ({ value: copy.id, name: `${copy.title} · ${number}` }))
  return dossiers.map(({ code, dossier }) => ({
    value: code,
    name: procedures.get(dossier.procedure.code)?.[language] ?? dossier.procedure.code,
  }))
}
