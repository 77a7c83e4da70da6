import type { Actor, Role, Scope } from './actor.ts'
import type { Dossier } from './dossier.ts'

type Rule = { public?: true; app?: Scope; citizen?: 'dossiers' | 'copies'; officer?: readonly Role[] }

const atWork = ['reception', 'handler', 'certifier', 'seal', 'supervisor'] as const

/** Who may use which verb at all; whose dossier it is comes on top. The role matrix of the tests is made from this table. */
export const permissions = {
  fileDossier: { app: 'dossiers:submit', citizen: 'dossiers', officer: ['reception'] },
  takeOverDossier: { app: 'dossiers:take-over' },
  readDossier: { app: 'dossiers:read', citizen: 'dossiers', officer: atWork },
  listDossiers: { app: 'dossiers:read', citizen: 'dossiers', officer: atWork },
  readEvents: { app: 'dossiers:read', citizen: 'dossiers', officer: atWork },
  readSlip: { app: 'dossiers:read', citizen: 'dossiers', officer: atWork },
  readRegister: { officer: ['supervisor'] },
  readProgress: { public: true },
  moveDossier: { app: 'dossiers:submit', citizen: 'dossiers', officer: ['reception', 'handler', 'certifier'] },
  reappointDossier: { officer: ['handler'] },
  correctLateCause: { officer: ['handler', 'supervisor'] },
  rateDossier: { citizen: 'dossiers' },
  supplementDossier: { app: 'dossiers:submit', citizen: 'dossiers' },
  quoteFee: { public: true },
  startPayment: { app: 'dossiers:submit', citizen: 'dossiers' },
  takeCash: { officer: ['reception'] },
  tellPayment: { public: true },
  readPayment: { app: 'dossiers:read', citizen: 'dossiers', officer: atWork },
  refundPayment: { officer: ['supervisor'] },
  uploadFile: { app: 'dossiers:submit', citizen: 'dossiers', officer: atWork },
  downloadFile: { app: 'dossiers:read', citizen: 'dossiers', officer: atWork },
  certifyCopy: { officer: ['certifier'] },
  listCopies: { citizen: 'copies' },
  readCopy: { citizen: 'copies', officer: atWork },
  downloadCopy: { citizen: 'copies', officer: atWork },
  readOpenings: { citizen: 'copies' },
  shareCopy: { citizen: 'copies' },
  readShares: { citizen: 'copies' },
  revokeShare: { citizen: 'copies' },
  openShare: { public: true },
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
  readFeed: { app: 'webhooks' },
  readWebhooks: { app: 'webhooks' },
  manageWebhooks: { app: 'webhooks' },
  setOpeningHours: { officer: ['operator'] },
  writeOutages: { officer: ['operator'] },
  readOutages: { public: true },
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
      return rule.app && actor.scopes.includes(rule.app) ? 'yes' : 'not-allowed'
    case 'citizen':
      return rule.citizen && actor.scopes.includes(rule.citizen) ? 'yes' : 'not-allowed'
    case 'officer':
      return rule.officer?.some((role) => actor.roles.includes(role)) ? 'yes' : 'not-allowed'
  }
}

/** An app sees what it handed in, a person their own, an officer what their unit decides or received. `isParty` is asked for persons only. */
export function sees(actor: Actor, dossier: Dossier, isParty: boolean): boolean {
  switch (actor.kind) {
    case 'public':
      return false
    case 'app':
      return dossier.submittedBy.kind === 'app' && dossier.submittedBy.id === actor.id
    case 'citizen':
      return isParty
    case 'officer':
      return dossier.competentUnit === actor.unit || dossier.receivingPoint === actor.unit || mayBeGiven(actor, dossier)
  }
}

/** Where several units may be competent, their supervisors see the dossier, to agree on one. */
const mayBeGiven = ({ roles, unit }: Actor & { kind: 'officer' }, { unassigned }: Dossier): boolean =>
  roles.includes('supervisor') && (unassigned?.candidates.some((candidate) => candidate === unit) ?? false)
