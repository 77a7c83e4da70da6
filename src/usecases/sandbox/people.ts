import type { Context } from '../../context.ts'
import type { Role } from '../../domain/actor.ts'
import { sha256, toHex } from '../../platform/crypto.ts'
import { ok, refuse, type Result } from '../../platform/result.ts'
import { testOfficer } from './act.ts'
import { type BoxRefusal, ownBox } from './box.ts'

/** Somebody invented: a citizen, an organisation’s account, or an officer of a unit. */
export type TestPerson =
  | { kind: 'citizen'; personalId: string; name?: string | undefined }
  | { kind: 'organisation'; taxCode: string; name?: string | undefined }
  | { kind: 'officer'; unit: string; roles: Role[]; name?: string | undefined }

/** A token for them, as their issuer would give it, good in this sandbox only. */
export async function tokenForPerson(
  context: Context,
  person: TestPerson,
): Promise<Result<string, BoxRefusal | 'no-such-unit'>> {
  const box = ownBox(context)
  if (!box.ok) return box
  if (person.kind === 'officer') {
    const { unit, roles, name } = person
    if (!(await context.units.find(unit))) return refuse('no-such-unit')
    const [first = 'reception'] = roles
    const officer = testOfficer(unit, first)
    return ok(
      await box.value.tokenFor('officer', {
        sub: `${roles.join('+')}.${unit}`,
        name: name ?? officer.name,
        unit,
        roles,
        ...(officer.title && { title: officer.title }),
      }),
    )
  }
  const { name = 'Người Thử Nghiệm' } = person
  const who = person.kind === 'citizen' ? { personal_id: person.personalId } : { tax_code: person.taxCode }
  // The same person always has the same subject, and it tells nothing about them.
  const sub = toHex(await sha256(JSON.stringify(who))).slice(0, 16)
  return ok(await box.value.tokenFor('citizen', { sub, name, ...who, scope: 'dossiers copies' }))
}
