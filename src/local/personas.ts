import { z } from 'zod'
import data from '../../data/personas.json' with { type: 'json' }
import { roles } from '../domain/actor.ts'

const Citizen = z.strictObject({
  persona: z.string(),
  sub: z.string(),
  name: z.string(),
  personalId: z.string().optional(),
  taxCode: z.string().optional(),
  scopes: z.array(z.string()),
})
const Officer = z.strictObject({
  persona: z.string(),
  name: z.string(),
  unit: z.string(),
  roles: z.array(z.enum(roles)),
  title: z.string().optional(),
})
const Personas = z.object({ citizens: z.array(Citizen), officers: z.array(Officer) })

export type CitizenPersona = z.infer<typeof Citizen> & { kind: 'citizen' }
export type OfficerPersona = z.infer<typeof Officer> & { kind: 'officer'; sub: string }
export type Persona = CitizenPersona | OfficerPersona

const parsed = Personas.parse(data)

/** The invented people with whom the service is shown and tested. */
export const personas: readonly Persona[] = [
  ...parsed.citizens.map((citizen): Persona => ({ kind: 'citizen', ...citizen })),
  ...parsed.officers.map((officer): Persona => ({
    kind: 'officer',
    sub: `${officer.persona}.${officer.unit}`,
    ...officer,
  })),
]

const familyNames = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Vũ', 'Đặng', 'Bùi', 'Đỗ', 'Hồ', 'Ngô', 'Dương']

/** By name (`citizen`), or an officer of the same role who works at another unit (`handler@HN-STC-2025`). */
export function personaNamed(name: string): Persona | undefined {
  const [role, unit] = name.split('@')
  const persona = personas.find((candidate) => candidate.persona === role)
  if (!persona || !unit) return persona
  if (persona.kind === 'citizen' || !/^[A-Z0-9-]{1,40}-(0|\d{4})$/.test(unit)) return undefined
  if (persona.unit === unit) return persona
  // Somebody else works there: another family name, always the same one for the same unit.
  const others = familyNames.filter((familyName) => !persona.name.startsWith(familyName))
  const sum = Array.from(unit, (letter) => letter.charCodeAt(0)).reduce((total, code) => total + code, 0)
  const named = persona.name.replace(/^\S+/, others[sum % others.length] ?? '')
  return { ...persona, persona: name, sub: `${role}.${unit}`, name: named, unit }
}

/** What an issuer says of a person in their tokens, besides `sub`. */
export const claimsOf = (persona: Persona): Record<string, unknown> =>
  persona.kind === 'citizen'
    ? { name: persona.name, personal_id: persona.personalId, tax_code: persona.taxCode }
    : { name: persona.name, unit: persona.unit, roles: persona.roles, title: persona.title }

/** By subject, as an issuer's tokens name them (`c-5b0e41d7`, `handler.HN-STC-2025`). */
export const personaWithSubject = (sub: string): Persona | undefined =>
  personas.find((persona) => persona.sub === sub) ?? personaNamed(sub.replace('.', '@'))
