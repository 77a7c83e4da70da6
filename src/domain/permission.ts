import type { Actor, CitizenActor, Role } from './actor.ts'
import { type ConsentScope, covers } from './consent.ts'
import type { Dossier } from './dossier.ts'
import type { Extent } from './mandate.ts'
import { type Reach, reachesNothing, reachOf, scopeFor, type ScopeName } from './scope.ts'

/**
 * `app`: the scopes that it needs, every one; narrowed ones will do for what they cover. `consent`: what a citizen must have let an app
 * read. `mandate`: what a citizen needs beside the scope while they act under one; without it the verb is for no mandate.
 */
type Rule = {
  public?: true
  app?: ScopeName | readonly ScopeName[]
  consent?: ConsentScope
  citizen?: 'dossiers' | 'copies'
  mandate?: Extent
  officer?: readonly Role[]
}

const atWork = ['reception', 'handler', 'certifier', 'seal', 'supervisor'] as const

/** Who may use which verb at all; whose dossier it is comes on top. The role matrix of the tests is made from this table. */
export const permissions = {
  fileDossier: { app: 'dossiers:submit', citizen: 'dossiers', mandate: 'submit-dossiers', officer: ['reception'] },
  takeOverDossier: { app: 'dossiers:take-over' },
  readDossier: {
    app: 'dossiers:read',
    consent: 'citizen:dossiers:read',
    citizen: 'dossiers',
    mandate: 'submit-dossiers',
    officer: atWork,
  },
  listDossiers: {
    app: 'dossiers:read',
    consent: 'citizen:dossiers:read',
    citizen: 'dossiers',
    mandate: 'submit-dossiers',
    officer: atWork,
  },
  readEvents: {
    app: 'dossiers:read',
    consent: 'citizen:dossiers:read',
    citizen: 'dossiers',
    mandate: 'submit-dossiers',
    officer: atWork,
  },
  readSlip: {
    app: 'dossiers:read',
    consent: 'citizen:dossiers:read',
    citizen: 'dossiers',
    mandate: 'submit-dossiers',
    officer: atWork,
  },
  readRegister: { officer: ['supervisor'] },
  readProgress: { public: true },
  moveDossier: {
    app: 'dossiers:submit',
    citizen: 'dossiers',
    mandate: 'submit-dossiers',
    officer: ['reception', 'handler', 'certifier'],
  },
  reappointDossier: { officer: ['handler'] },
  correctLateCause: { officer: ['handler', 'supervisor'] },
  rateDossier: { citizen: 'dossiers', mandate: 'submit-dossiers' },
  supplementDossier: { app: 'dossiers:submit', citizen: 'dossiers', mandate: 'submit-dossiers' },
  quoteFee: { public: true },
  startPayment: { app: 'dossiers:submit', citizen: 'dossiers', mandate: 'submit-dossiers' },
  payCopies: { citizen: 'copies' },
  takeCash: { officer: ['reception'] },
  tellPayment: { public: true },
  readPayment: { app: 'dossiers:read', citizen: 'dossiers', mandate: 'submit-dossiers', officer: atWork },
  refundPayment: { officer: ['supervisor'] },
  uploadFile: { app: 'dossiers:submit', citizen: 'dossiers', mandate: 'submit-dossiers', officer: atWork },
  downloadFile: {
    app: 'dossiers:read',
    consent: 'citizen:dossiers:read',
    citizen: 'dossiers',
    mandate: 'submit-dossiers',
    officer: atWork,
  },
  readQuarantine: { officer: ['operator'] },
  releaseFile: { officer: ['operator'] },
  certifyCopy: { officer: ['certifier'] },
  listCopies: { consent: 'citizen:copies:read', citizen: 'copies', mandate: 'read-copies' },
  readCopy: { consent: 'citizen:copies:read', citizen: 'copies', mandate: 'read-copies', officer: atWork },
  downloadCopy: { consent: 'citizen:copies:read', citizen: 'copies', mandate: 'read-copies', officer: atWork },
  readOpenings: { citizen: 'copies', mandate: 'read-copies' },
  shareCopy: { citizen: 'copies', mandate: 'lend-copies' },
  readShares: { citizen: 'copies', mandate: 'lend-copies' },
  revokeShare: { citizen: 'copies', mandate: 'lend-copies' },
  openShare: { public: true },
  readConsents: { citizen: 'dossiers' },
  endConsent: { citizen: 'dossiers' },
  giveMandate: { citizen: 'dossiers' },
  readMandates: { citizen: 'dossiers' },
  endMandate: { citizen: 'dossiers' },
  revokeCopy: { officer: ['certifier', 'supervisor'] },
  verifyCopy: { public: true },
  readStatusList: { public: true },
  readApps: { officer: ['operator'] },
  manageApps: { officer: ['operator'] },
  readReforms: { officer: ['operator'] },
  acceptReform: { officer: ['operator'] },
  listReassignments: { officer: ['supervisor'] },
  assignDossier: { officer: ['supervisor'] },
  manageSigners: { officer: ['operator'] },
  readFeed: { app: ['webhooks', 'dossiers:read'] },
  readWebhooks: { app: 'webhooks' },
  manageWebhooks: { app: 'webhooks' },
  setOpeningHours: { officer: ['operator'] },
  writeOutages: { officer: ['operator'] },
  readOutages: { public: true },
  // Whatever the app is registered for: only its own sandbox answers.
  useSandbox: { app: [] },
  readDeadLetters: { officer: ['operator'] },
  replayDeadLetter: { officer: ['operator'] },
} as const satisfies Record<string, Rule>

export type Verb = keyof typeof permissions

/** `token-needed` for the public where the verb is not public, `not-allowed` where role or scope does not cover it. */
export function mayUse(actor: Actor, verb: Verb): 'yes' | 'token-needed' | 'not-allowed' {
  const rule: Rule = permissions[verb]
  if (rule.public) return 'yes'
  switch (actor.kind) {
    case 'public':
      return 'token-needed'
    case 'app':
      return rule.app && missingScope(actor, verb) === undefined ? 'yes' : 'not-allowed'
    case 'consented-app':
      return rule.consent && actor.extent[rule.consent] && actor.scopes.includes(rule.consent) ? 'yes' : 'not-allowed'
    case 'citizen':
      return rule.citizen && actor.scopes.includes(rule.citizen) && mandateCovers(actor, rule) ? 'yes' : 'not-allowed'
    case 'officer':
      return rule.officer?.some((role) => actor.roles.includes(role)) ? 'yes' : 'not-allowed'
  }
}

/** The scope that the actor’s token would need for the verb and lacks; undefined where no scope is what is missing. */
export function missingScope(actor: Actor, verb: Verb): string | undefined {
  const rule: Rule = permissions[verb]
  if (actor.kind === 'citizen') return rule.citizen && !actor.scopes.includes(rule.citizen) ? rule.citizen : undefined
  if (actor.kind === 'consented-app')
    return rule.consent && !actor.scopes.includes(rule.consent) ? rule.consent : undefined
  if (actor.kind !== 'app') return undefined
  return needed(rule).find((name) => reachesNothing(reachOf(actor.scopes, name)))
}

const needed = ({ app = [] }: Rule): readonly ScopeName[] => [app].flat()

/** Of which procedures’ dossiers an app’s token is good for the verb; undefined for whoever has no such bounds. */
export function reachFor(actor: Actor, verb: Verb): Reach | undefined {
  const name = boundBy(verb)
  if (actor.kind !== 'app' || !name) return undefined
  const reach = reachOf(actor.scopes, name)
  return reach.all ? undefined : reach
}

/** What a token has to say for a dossier of that procedure. */
export const scopeNeeded = (verb: Verb, procedure: string): string | undefined => {
  const name = boundBy(verb)
  return name && scopeFor(name, procedure)
}

const boundBy = (verb: Verb): ScopeName | undefined => needed(permissions[verb]).find((name) => name !== 'webhooks')

/** A mandate never reaches further than it says, and never to the naming of others. */
const mandateCovers = ({ mandate }: CitizenActor, rule: Rule): boolean =>
  mandate === undefined || (rule.mandate !== undefined && mandate.extent.includes(rule.mandate))

/** An app sees what it handed in, or under a consent what that covers of a person's own; a person their own, an officer what their unit decides or received. `isParty` is asked where persons count. */
export function sees(actor: Actor, dossier: Dossier, isParty: boolean): boolean {
  switch (actor.kind) {
    case 'public':
      return false
    case 'app':
      return dossier.submittedBy.kind === 'app' && dossier.submittedBy.id === actor.id
    case 'consented-app':
      return isParty && covers(actor.extent, 'citizen:dossiers:read', dossier.id)
    case 'citizen':
      return isParty
    case 'officer':
      return dossier.competentUnit === actor.unit || dossier.receivingPoint === actor.unit || mayBeGiven(actor, dossier)
  }
}

/** Where several units may be competent, their supervisors see the dossier, to agree on one. */
const mayBeGiven = ({ roles, unit }: Actor & { kind: 'officer' }, { unassigned }: Dossier): boolean =>
  roles.includes('supervisor') && (unassigned?.candidates.some((candidate) => candidate === unit) ?? false)
