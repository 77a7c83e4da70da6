import type { Persona } from './personas.ts'

const titles = {
  citizen: { vi: 'Đăng nhập định danh (thử nghiệm)', en: 'Sign in as a person (test)' },
  officer: { vi: 'Đăng nhập công vụ (thử nghiệm)', en: 'Sign in as an officer (test)' },
}

/** The page where a person at the keyboard picks who they are today; `fault` says why the last pick failed. */
export function loginPage(kind: Persona['kind'], choices: readonly Persona[], fault?: string): string {
  const { vi, en } = titles[kind]
  const buttons = choices.map(
    (persona) =>
      `<li><button name="persona" value="${escape(persona.persona)}"><b>${escape(persona.name)}</b><span>${about(persona)}</span></button></li>`,
  )
  const unit = `<label>Đơn vị khác / another unit <input name="unit" placeholder="HN-STC-2025" pattern="[A-Z0-9\\-]+-(0|[0-9]{4})" autocomplete="off"></label>`
  return `<!doctype html>
<html lang="vi">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${vi}</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 8vh auto; padding: 0 1rem; color: #1d2733; background: #f6f4ef }
  h1 { font-size: 1.4rem; margin: 0 } p { margin: .25rem 0 1.5rem; color: #5b6775 }
  ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem }
  button { width: 100%; display: flex; justify-content: space-between; gap: 1rem; padding: .8rem 1rem; font: inherit; text-align: left;
    color: inherit; background: #fff; border: 1px solid #d8d3c8; border-radius: .5rem; cursor: pointer }
  button:hover, button:focus-visible { border-color: #a3262a; outline: 2px solid #a3262a33 }
  button span { color: #5b6775 } label { display: block; margin-top: 1.5rem; color: #5b6775 }
  input { font: inherit; padding: .3rem .5rem; border: 1px solid #d8d3c8; border-radius: .3rem } [role=alert] { color: #a3262a }
</style>
<h1>${vi}</h1>
<p>${en}. Những người dưới đây không có thật / these people are invented.</p>
${fault ? `<p role="alert">${escape(fault)}</p>` : ''}
<form method="post"><ul>${buttons.join('')}</ul>${kind === 'officer' ? unit : ''}</form>
</html>
`
}

const about = (persona: Persona): string =>
  escape(
    persona.kind === 'citizen'
      ? (persona.personalId ?? persona.taxCode ?? '')
      : `${persona.roles.join(', ')} · ${persona.unit}`,
  )

const escape = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
