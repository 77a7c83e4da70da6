import { z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import type { House } from '../../app.ts'
import { disclosedFacts, shareStatus } from '../../domain/lending.ts'
import type { ToldOpening } from '../../usecases/copies/openings.ts'
import type { ToldShare } from '../../usecases/copies/share.ts'
import { CopyId, Instant, Line, orNull, UnitRef, unitRef, unitsNamed } from '../shapes.ts'

export const ShareId = z
  .string()
  .max(42)
  .regex(/^share_[0-9a-f-]{36}$/)
  .openapi({ description: 'The id of a share.', example: 'share_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e' })

const most = z.int().min(1).max(1000)

export const disclose = z.array(z.enum(disclosedFacts)).max(disclosedFacts.length)
export const discloseWords =
  'A list: the link opens the SD-JWT only, not the PDF, and discloses of what is kept back in it no more than these facts (perhaps none). Null: the PDF, and the SD-JWT with all of it.'

export const Lending = z
  .strictObject({
    recipient: Line(200).openapi({ description: 'Whom you lend it to, in your own words. Kept sealed.' }),
    purpose: Line(500).openapi({ description: 'What for; whoever opens the link reads it. Kept sealed.' }),
    until: Instant.openapi({ description: 'When it ends: at most 366 days from now.' }),
    most: most
      .nullable()
      .default(null)
      .openapi({ description: 'How often it may be opened; null: any number of times.' }),
    disclose: disclose.nullable().default(null).openapi({ description: discloseWords }),
  })
  .openapi('Lending')

export const ShareView = z
  .object({
    id: ShareId,
    copy: CopyId,
    status: z.enum(['open', 'ended', 'used-up', 'revoked']),
    recipient: z.string().max(200).nullable().openapi({ description: 'Null once it was erased, as the purpose.' }),
    purpose: z.string().max(500).nullable(),
    createdAt: Instant,
    until: Instant,
    most: most.nullable(),
    disclose: disclose.nullable().openapi({ description: discloseWords }),
    openings: z.int().min(0).max(1_000_000_000),
    revokedAt: Instant.nullable(),
  })
  .openapi('Share')

export const NewShareView = ShareView.extend({
  link: z.url().max(300).openapi({
    description:
      'Shown with this reply only. Whoever holds it may look and, at `…/content`, open the PDF or the SD-JWT.',
    example: 'https://api.example.gov.vn/v1/shares/6Tn3mK0cJ2v9yQeXwL4hR8sUoZbA1dFgHiPjVkNtM5E',
  }),
}).openapi('NewShare')

const plain = (c: HonoContext<House>, { share, openings, words }: ToldShare) => ({
  ...share,
  status: shareStatus(share, openings, c.var.context.now().getTime()),
  recipient: words?.recipient ?? null,
  purpose: words?.purpose ?? null,
  disclose: share.disclose ?? null,
  openings,
  revokedAt: share.status === 'revoked' ? share.revokedAt : null,
})

export const showShare = (c: HonoContext<House>, told: ToldShare) => ShareView.parse(plain(c, told))

export const linkOf = (c: HonoContext<House>, token: string) => `${c.var.config.publicOrigin}/v1/shares/${token}`

export const showNewShare = (c: HonoContext<House>, told: ToldShare & { token: string }) =>
  NewShareView.parse({ ...plain(c, told), link: linkOf(c, told.token) })

export const OpeningView = z
  .object({
    at: Instant,
    as: z.enum(['owner', 'officer', 'app', 'anybody']).openapi({
      description: '`anybody`: whoever held the link of a share.',
    }),
    unit: orNull(UnitRef, 'The unit of the officer; which officer stays in the journal.'),
    app: z.string().max(200).nullable().openapi({ description: 'The name of the app.' }),
    share: z.string().max(42).nullable().openapi({ description: 'Through which share it was opened.' }),
    recipient: z.string().max(200).nullable().openapi({ description: 'Whom you named when you shared it.' }),
    dossier: z.string().max(64).nullable().openapi({ description: 'The dossier in which it proves something.' }),
    mandate: z.string().max(44).nullable().openapi({ description: 'Under which mandate of the owner it was opened.' }),
    consent: z
      .string()
      .max(44)
      .nullable()
      .openapi({ description: 'Under which consent of the owner the app opened it.' }),
  })
  .openapi('Opening')

export async function showOpenings(c: HonoContext<House>, openings: ToldOpening[]) {
  const units = await unitsNamed(
    c,
    openings.map(({ opener }) => (opener.as === 'officer' ? opener.unit : null)),
  )
  return openings.map(({ at, opener, app, recipient }) =>
    OpeningView.parse({
      at,
      as: opener.as,
      unit: opener.as === 'officer' ? unitRef(opener.unit, units) : null,
      app,
      share: ('share' in opener && opener.share) || null,
      recipient,
      dossier: (opener.as === 'officer' && opener.dossier) || null,
      mandate: (opener.as === 'owner' && opener.mandate) || null,
      consent: ('consent' in opener && opener.consent) || null,
    }),
  )
}
