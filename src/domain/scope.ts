// What an app may ask tokens for, and how far a token reaches: values of RFC 6749 §3.3.
import type { ProcedureLevel } from './procedure.ts'

/** A scope about dossiers may be narrowed by what is written behind it: a level of government, or one procedure. */
export const scopeNames = ['dossiers:submit', 'dossiers:read', 'dossiers:take-over', 'webhooks'] as const
export type ScopeName = (typeof scopeNames)[number]
type DossierScope = Exclude<ScopeName, 'webhooks'>
export type Scope = ScopeName | `${DossierScope}:${string}`

/** The levels that decide since 1 July 2025; a procedure is of the one that decides it today. */
const levels = ['city', 'commune'] as const satisfies readonly ProcedureLevel[]
type Level = (typeof levels)[number]

/** How many an app may be registered with; with the length of each, what a `scope` of all of them needs. */
export const mostScopes = 50
export const longestScope = 30
export const scopePattern = /^(webhooks|dossiers:(submit|read|take-over)(:(city|commune|\d\.\d{6}))?)$/

export const isScope = (text: string): text is Scope => scopePattern.test(text)

/** A scope in its two parts; `of` is a level, the code of a procedure, or null where it is not narrowed. */
export function partsOf(scope: Scope): { name: ScopeName; of: string | null } {
  const name = scopeNames.find((one) => scope === one || scope.startsWith(`${one}:`)) ?? 'webhooks'
  return { name, of: scope === name ? null : scope.slice(name.length + 1) }
}

/** That name narrowed to one procedure: the least that its dossiers ask for. */
export const scopeFor = (name: ScopeName, procedure: string): string =>
  name === 'webhooks' ? name : `${name}:${procedure}`

/** How far some scopes of one name reach, all together. */
export type Reach = { all: boolean; levels: readonly Level[]; procedures: readonly string[] }

export function reachOf(scopes: readonly Scope[], name: ScopeName): Reach {
  const named = scopes.map(partsOf).filter((parts) => parts.name === name)
  const narrowed = named.flatMap(({ of }) => of ?? [])
  return {
    all: narrowed.length < named.length,
    levels: levels.filter((level) => narrowed.includes(level)),
    procedures: narrowed.filter((of) => !isLevel(of)),
  }
}

export const reachesNothing = ({ all, levels: of, procedures }: Reach): boolean =>
  !all && of.length === 0 && procedures.length === 0

/** `level`: the one that decides the procedure today. */
export const reaches = (reach: Reach, procedure: string, level: ProcedureLevel | undefined): boolean =>
  reach.all || reach.procedures.includes(procedure) || reach.levels.some((one) => one === level)

/** Whether somebody who holds `held` may be given `asked`: the same, or any part of it. */
export function coversScope(
  held: readonly Scope[],
  asked: Scope,
  levelOf: (procedure: string) => ProcedureLevel | undefined,
): boolean {
  const { name, of } = partsOf(asked)
  const reach = reachOf(held, name)
  if (of === null) return reach.all
  return isLevel(of) ? reach.all || reach.levels.includes(of) : reaches(reach, of, levelOf(of))
}

/** The procedures that scopes name. */
export const proceduresIn = (scopes: readonly Scope[]): string[] => [
  ...new Set(scopeNames.flatMap((name) => reachOf(scopes, name).procedures)),
]

/** Each once, by name and then by how they are narrowed. */
export const inOrder = (scopes: readonly Scope[]): Scope[] =>
  scopeNames.flatMap((name) => [...new Set(scopes)].filter((scope) => partsOf(scope).name === name).toSorted())

/** All that can be listed: procedures come and go, so scopes of one are described and not listed. */
export const listedScopes: readonly Scope[] = scopeNames.flatMap((name): Scope[] =>
  name === 'webhooks' ? [name] : [name, ...levels.map((level): Scope => `${name}:${level}`)],
)

const isLevel = (text: string): text is Level => levels.some((level) => level === text)
