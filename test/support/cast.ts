import { type Actor, type Role, roles } from '../../src/domain/actor.ts'
import { type ConsentScope, consentScopes } from '../../src/domain/consent.ts'
import { mayUse, type Verb } from '../../src/domain/permission.ts'
import type { Extent } from '../../src/domain/mandate.ts'
import { type Scope, scopeNames } from '../../src/domain/scope.ts'
import { ask } from './api.ts'
import { enrolled, registered } from './apps.ts'
import { lodged } from './before-reform.ts'
import { underConsent } from './consents.ts'
import { issued } from './copies.ts'
import { exhaustive } from './exhaustive.ts'
import type { Who } from './tokens.ts'
import { begun } from './uploads.ts'
import { filed, step, uploaded } from './walk.ts'

// Everybody who could ask, and a small world in which each of them sees another part: seeded once, asked many times.

export const [ward, point, elsewhere, ceased] = ['00082-2025', '00004-2025', '00008-2025', '00082-0']
export const [commune, city] = ['1.004873', '1.009397']
const taxCode = '0100000077'
const organisation = { type: 'organisation', taxCode, name: 'Công ty TNHH Thử Nghiệm' }
const [director, secretary, neighbour] = ['001190000771', '001190000772', '001190000773']

export type Asker = Exclude<Who, string> | null
export type AppAsker = Exclude<Who, string> & { kind: 'app' }
export const appOf = (scopes: readonly Scope[], id = 'app_test'): AppAsker => ({ kind: 'app', id, scopes: [...scopes] })
const other = 'app_other'
const officer = (unit: string, ...of: Role[]): Asker => ({ kind: 'officer', unit, roles: of })

/** Where somebody stands to the things of the matrix: a dossier of an organisation, its payment, file and copy, and a webhook. */
type Relation = 'app' | 'party' | 'owner' | 'unit' | 'point' | 'nobody'
export type Thing = 'dossier' | 'payment' | 'file' | 'copy' | 'webhook'
const of: Record<Relation, readonly Thing[]> = {
  app: ['dossier', 'payment', 'file', 'webhook'],
  party: ['dossier', 'payment', 'file'],
  owner: ['dossier', 'payment', 'file', 'copy'],
  unit: ['dossier', 'payment', 'file', 'copy'],
  point: ['dossier', 'payment', 'file', 'copy'],
  nobody: [],
}

/** `again`: somebody of that kind, role or scope stands in the cast before, in another place. */
export type Cast = {
  name: string
  who: Asker
  relation: Relation
  mandate?: readonly Extent[]
  /** An app that asks under a consent of that person or organisation. */
  consent?: Consent
  again?: true
}
type Consent = { whose: string; scopes: readonly ConsentScope[] }

const narrowed: Scope[][] = [
  ...(['dossiers:read', 'dossiers:submit', 'dossiers:take-over'] as const).flatMap((name) =>
    [commune, 'commune', 'city', '1.001193'].map((part): Scope[] => [`${name}:${part}`]),
  ),
  ['webhooks', 'dossiers:read:city'],
]

const extents: Extent[] = ['read-copies', 'lend-copies', 'submit-dossiers']

const app = (scopes: readonly Scope[]): Cast => ({
  name: `its app [${scopes.join(' ')}]`,
  who: appOf(scopes),
  relation: 'app',
})

export const cast: Cast[] = [
  { name: 'nobody', who: null, relation: 'nobody' },
  ...[...scopeNames.map((scope) => [scope]), []].map(app),
  ...narrowed.map((scopes): Cast => ({ ...app(scopes), again: true })),
  { name: 'another app', who: appOf(scopeNames, other), relation: 'nobody' },
  ...[['dossiers', 'copies'], ['dossiers'], ['copies'], ['dossiers:read'], []].map((scopes): Cast => ({
    name: `its organisation [${scopes.join(' ')}]`,
    who: { kind: 'citizen', taxCode, scopes },
    relation: 'owner',
  })),
  { name: 'its representative', who: { kind: 'citizen', personalId: director }, relation: 'party' },
  { name: 'a stranger', who: { kind: 'citizen', personalId: neighbour }, relation: 'nobody' },
  { name: 'who holds mandates, without one', who: { kind: 'citizen', personalId: secretary }, relation: 'nobody' },
  ...extents.map((extent): Cast => ({
    name: `under a mandate to ${extent}`,
    who: { kind: 'citizen', personalId: secretary },
    relation: 'owner',
    mandate: [extent],
  })),
  ...[consentScopes, ...consentScopes.map((scope) => [scope])].flatMap((scopes): Cast[] => [
    {
      name: `an app with its organisation’s consent [${scopes.join(' ')}]`,
      who: null,
      relation: 'owner',
      consent: { whose: taxCode, scopes },
    },
    {
      name: `an app with a stranger’s consent [${scopes.join(' ')}]`,
      who: null,
      relation: 'nobody',
      consent: { whose: neighbour, scopes },
    },
  ]),
  ...(
    [
      ['its unit', ward, 'unit'],
      ['its receiving point', point, 'point'],
      ['another unit', elsewhere, 'nobody'],
      ['a unit that has ceased', ceased, 'nobody'],
    ] as const
  ).flatMap(([name, unit, relation]) =>
    roles.map((role): Cast => ({
      name: `${role} of ${name}`,
      who: officer(unit, role),
      relation,
      ...(relation !== 'unit' && { again: true }),
    })),
  ),
]

const few = new Set(['nobody', 'its app []', 'its organisation []', 'operator of its unit'])

/**
 * Who has to be asked about a verb. What is open to everybody needs one of each kind; whom the table refuses is refused wherever
 * they stand, so those who come again in the cast are asked only where it lets them in. CI asks everybody everything.
 */
export const askedOf = (verb: Verb | 'anybody'): Cast[] =>
  cast.filter((one) => {
    if (exhaustive) return true
    if (verb === 'anybody' || mayUse({ kind: 'public' }, verb) === 'yes') return few.has(one.name)
    return !one.again || mayUse(actorOf(one), verb) === 'yes'
  })

export const seesThing = ({ relation }: Cast, thing: Thing): boolean => of[relation].includes(thing)

/** As the service will know them, to ask its own table what they may. */
export function actorOf({ who, mandate, consent }: Pick<Cast, 'who' | 'mandate' | 'consent'>): Actor {
  if (consent) {
    const { whose, scopes } = consent
    const extent = Object.fromEntries(scopes.map((scope) => [scope, 'all' as const]))
    return { kind: 'consented-app', id: 'a', consent: 'c', scopes, persons: [whose], extent }
  }
  if (who === null || who.kind === 'consented-app') return { kind: 'public' }
  if (who.kind === 'app') return who
  if (who.kind === 'officer') return { kind: 'officer', id: 'o', name: 'o', unit: who.unit, roles: who.roles }
  const { scopes = ['dossiers', 'copies'] } = who
  const whole = { kind: 'citizen', id: 'c', name: null, scopes } as const
  if (mandate) return { ...whole, personalId: null, taxCode, mandate: { id: 'm', extent: mandate } }
  return { ...whole, personalId: who.personalId ?? null, taxCode: who.taxCode ?? null }
}

/** A dossier of the world, by everything that decides who sees it. */
export type Seeded = {
  code: string
  app: string | null
  persons: string[]
  units: string[]
  procedure: string
  level: 'commune' | 'city'
  /** None where it came before the reform. */
  file: string | null
}

export type World = {
  /** What the matrix of operations is asked about, by the name of the thing. */
  things: Record<Thing | 'app', string>
  dossiers: Seeded[]
  copies: { id: string; number: string; owner: string; unit: string; through: string[] }[]
  webhooks: { id: string; app: string }[]
  /** That the app has begun, and nobody else sees. */
  upload: string
  mandates: Record<Extent, string>
  /** Who asks under a consent, by the name in the cast, and whose consent it is. */
  consents: Map<string, { who: Asker; id: string; whose: string }>
}

/** As whom that one of the cast asks. */
export const whoOf = ({ consents }: World, { name, who }: Cast): Asker => consents.get(name)?.who ?? who

/** Makes the world: dossiers of two apps and of a citizen, of an organisation and of neighbours, in three units and two levels. */
export async function seeded(): Promise<World> {
  const apps = [appOf(scopeNames), appOf(scopeNames, other)]
  await Promise.all(apps.map((app) => enrolled(app)))
  const [own = null, theirs = null] = apps as Asker[]
  const whole: Asker = officer(ward, 'reception', 'handler', 'certifier')
  const counter = { receivingPoint: point, channel: 'direct' }
  const parties = { applicant: organisation, representative: { personalId: director, fullName: 'Nguyễn Thị Giám Đốc' } }

  async function dossier(who: Asker, change: Record<string, unknown>, procedure = commune): Promise<Seeded> {
    if (who === null) throw new Error('nobody hands in')
    const file = await uploaded(who)
    const components =
      procedure === commune
        ? [{ component: 'residence', file }]
        : [
            { component: 'script', file },
            { component: 'declaration', file: await uploaded(who) },
          ]
    const { body } = await filed({ procedure, who, change: { components, ...change } })
    const persons = [change['applicant'], change['representative']].flatMap((one) =>
      typeof one === 'object' && one !== null
        ? Object.values(one).filter((value) => /^\d{10,12}$/.test(String(value)))
        : [],
    )
    return {
      code: body.code,
      app: who.kind === 'app' ? who.id : null,
      persons: persons.map(String),
      units: [body.competentUnit.id, ...('receivingPoint' in change ? [point] : [])],
      procedure,
      level: procedure === commune ? 'commune' : 'city',
      file,
    }
  }
  const citizen = (personalId: string) => ({
    type: 'citizen',
    personalId,
    fullName: 'Nguyễn Thị Mẫu',
    phone: '0900000001',
  })
  async function certified({ code }: Seeded): Promise<string> {
    if (whole === null) throw new Error('an officer certifies')
    await step(whole, code, { to: 'accepted' })
    const paper = { scan: await uploaded('certifier'), paperSeen: true }
    return (await step('certifier', code, { to: 'resolved', outcome: 'granted', paper })).body.result.copy
  }
  const webhook = async (who: Asker): Promise<string> =>
    (await ask(who, '/v1/webhooks', { body: { url: 'https://cast.receiver.test/200' } })).body.id

  const main = await dossier(own, { ...parties, ...counter })
  const granted = await dossier(own, { ...parties, ...counter })
  const neighbours = await dossier(theirs, { applicant: citizen(neighbour) })
  const dossiers = [
    main,
    granted,
    neighbours,
    await dossier(own, { applicant: citizen(neighbour) }, city),
    await dossier(theirs, { ...parties, place: { unit: elsewhere } }),
    await dossier({ kind: 'citizen', personalId: director }, { applicant: citizen(director) }),
    await before(),
  ]
  for (const move of [{ to: 'accepted' }, { to: 'awaiting-payment', amount: 8000 }])
    await step(whole ?? '', main.code, move)
  const paying: Asker = { kind: 'citizen', taxCode }
  const payment = await ask(paying, `/v1/dossiers/${main.code}/payments`, { body: { method: 'online' } })
  const ids = await Promise.all([certified(granted), certified(neighbours)])
  const [copy, alien] = await Promise.all([issued(ids[0]), issued(ids[1])])
  const webhooks = [
    { id: await webhook(own), app: 'app_test' },
    { id: await webhook(theirs), app: other },
  ]
  const { id } = await registered()
  const consents: World['consents'] = new Map()
  for (const { name, consent } of cast) {
    if (!consent) continue
    const as = await underConsent(id, consent.whose, consent.scopes)
    consents.set(name, { who: as, id: as.consent, whose: consent.whose })
  }
  const given = await Promise.all(extents.map(async (extent) => [extent, await mandate(extent)] as const))
  return {
    things: {
      dossier: main.code,
      payment: payment.body.id,
      file: main.file ?? '',
      copy: copy.id,
      webhook: webhooks[0]?.id ?? '',
      app: id,
    },
    dossiers,
    copies: [
      { ...copy, owner: taxCode, unit: ward, through: granted.units },
      { ...alien, owner: neighbour, unit: ward, through: neighbours.units },
    ],
    webhooks,
    upload: (await begun(10, { who: own })).headers.get('location')?.split('/').at(-1) ?? '',
    mandates: Object.fromEntries(given) as Record<Extent, string>,
    consents,
  }
}

/** One that the unit which has ceased had, and its successor has now. */
async function before(): Promise<Seeded> {
  const { code } = await lodged(ceased)
  return {
    code,
    app: 'app_test',
    persons: ['001190000001'],
    units: [ward],
    procedure: commune,
    level: 'commune',
    file: null,
  }
}

async function mandate(extent: Extent): Promise<string> {
  const until = new Date(Date.now() + 86_400_000).toISOString()
  const representative = { personalId: secretary, fullName: 'Lý Thị Thư Ký' }
  const { body } = await ask({ kind: 'citizen', taxCode }, '/v1/mandates', {
    body: { representative, extent: [extent], until },
  })
  return body.id
}

/** The header that names the mandate under which somebody of the cast acts. */
export const actingUnder = ({ mandates }: World, { mandate: [extent] = [] }: Cast): Record<string, string> =>
  extent === undefined ? {} : { mandate: mandates[extent] }

export const person = { taxCode, director, secretary, neighbour }
