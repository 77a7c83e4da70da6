import { z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { House } from '../../app.ts'
import { consentScopes, stands } from '../../domain/consent.ts'
import type { ConsentUse } from '../../store/consents.ts'
import type { ToldConsent } from '../../usecases/consents/read.ts'
import { AppId } from '../apps/view.ts'
import { CopyId, DossierCode, FileId, Instant, Line, orNull, pageOfItems, Words } from '../shapes.ts'

export const ConsentId = z
  .string()
  .max(44)
  .regex(/^consent_[0-9a-f-]{36}$/)
  .openapi({
    param: { name: 'id', in: 'path' },
    description: 'The id of a consent.',
    example: 'consent_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e',
  })

const Scopes = z.array(z.enum(consentScopes)).max(consentScopes.length)

const PurposeId = z
  .string()
  .max(64)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .openapi({ example: 'open-account' })

export const ConsentView = z
  .object({
    id: ConsentId,
    status: z.enum(['given', 'ended']),
    app: z.object({ id: AppId, name: z.string().max(200) }),
    purpose: Words.openapi({ description: 'As it stood on the page.' }),
    scopes: Scopes,
    dossiers: orNull(
      z.union([z.literal('all'), z.array(z.string().max(64)).max(50)]),
      'All of them and those to come, or only those with these codes; null: none.',
    ),
    copies: orNull(
      z.union([z.literal('all'), z.array(z.string().max(64)).max(50)]),
      'All of them and those to come, or only those with these ids; null: none.',
    ),
    side: z.enum(['person', 'organisation']).openapi({ description: 'Whose things they are.' }),
    createdAt: Instant,
    until: Instant,
    endedAt: Instant.nullable(),
    because: z.enum(['withdrawn', 'given-back', 'misused', 'time']).nullable().openapi({
      description:
        '`withdrawn` by who gave it, `given-back` by the app, `misused`: a code or token was used twice, so that it may be in wrong hands; `time`: it ran out.',
    }),
    lastUsedAt: Instant.nullable(),
  })
  .openapi('Consent')

export const ConsentPage = pageOfItems(ConsentView).openapi('ConsentPage')

export function showConsent(c: HonoContext<House>, { consent, appName, lastUsedAt, dossiers, copies }: ToldConsent) {
  const isGiven = stands(consent, c.var.context.now().getTime())
  const ran = consent.status === 'given' && !isGiven
  return ConsentView.parse({
    ...consent,
    status: isGiven ? 'given' : 'ended',
    app: { id: consent.app, name: appName },
    scopes: consentScopes.filter((scope) => consent.extent[scope] !== undefined),
    dossiers,
    copies,
    endedAt: consent.status === 'ended' ? consent.endedAt : ran ? consent.until : null,
    because: consent.status === 'ended' ? consent.because : ran ? 'time' : null,
    lastUsedAt,
  })
}

const UseView = z
  .object({
    what: z.enum(['dossiers', 'dossier', 'events', 'slip', 'file', 'copies', 'copy', 'content']).openapi({
      description:
        'A list of dossiers or copies, a dossier, its events or a slip of it, a file, a copy or its content.',
    }),
    dossier: DossierCode.nullable(),
    file: FileId.nullable(),
    copy: CopyId.nullable(),
    firstAt: Instant,
    lastAt: Instant,
    times: z.int().min(1),
  })
  .openapi('ConsentUse')

export const ConsentUsePage = pageOfItems(UseView).openapi('ConsentUsePage')

export const showUse = ({ what, thing, firstAt, lastAt, times }: ConsentUse) =>
  UseView.parse({
    what,
    dossier: ['dossier', 'events', 'slip'].includes(what) ? thing : null,
    file: what === 'file' ? thing : null,
    copy: what === 'copy' || what === 'content' ? thing : null,
    firstAt,
    lastAt,
    times,
  })

/** https, or http on the developer's own machine (RFC 8252 §7.3); no fragment (RFC 6749 §3.1.2), nothing that names a user. */
const RedirectUri = z
  .url()
  .max(500)
  .refine(
    isRedirect,
    'Phải là https (hoặc http trên máy của chính mình), không có # và tên người dùng. Must be https (or http on one’s own machine), without fragment and user.',
  )
  .openapi({ example: 'https://app.example/callback' })

function isRedirect(text: string): boolean {
  // What is no address is told so already.
  if (!URL.canParse(text)) return true
  const { protocol, hostname, username, password } = new URL(text)
  const isLocal = protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
  return (protocol === 'https:' || isLocal) && !text.includes('#') && username === '' && password === ''
}

export const TermsView = z
  .strictObject({
    scopes: Scopes,
    redirectUris: z
      .array(RedirectUri)
      .max(20)
      .openapi({ description: 'Where a browser may be sent back to, compared letter by letter.' }),
    purposes: z
      .array(z.strictObject({ id: PurposeId, vi: Line(300), en: Line(300) }))
      .max(20)
      .openapi({
        description: 'What citizens read on the page: the city’s words, none that an app writes there itself.',
      }),
  })
  .refine(
    ({ scopes, redirectUris, purposes }) => scopes.length === 0 || (redirectUris.length > 0 && purposes.length > 0),
    'Có phạm vi thì phải có địa chỉ quay lại và mục đích. With scopes there must be an address and a purpose.',
  )
  .openapi('ConsentTerms', {
    example: {
      scopes: ['citizen:copies:read'],
      redirectUris: ['https://app.example/callback'],
      purposes: [{ id: 'open-account', vi: 'Mở tài khoản ngân hàng', en: 'Open a bank account' }],
    },
  })
