import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../../app.ts'
import { importCredential } from '../../usecases/signing/import.ts'
import { refusals } from '../problem.ts'
import { commandOf, IdempotencyKeyHeader } from '../shapes.ts'
import { KeyName, Owner, showSigner, SignerView } from './view.ts'

const pem = z.string().min(1).max(20_000)

const SigningImport = z
  .strictObject({
    owner: Owner,
    certificate: pem.openapi({ description: 'The X.509 certificate, as PEM or base64.' }),
    chain: z
      .array(pem)
      .max(5)
      .default([])
      .openapi({ description: 'The authorities above it, nearest first, without the root.' }),
    key: z
      .union([
        z.strictObject({
          service: z.string().min(1).max(32).openapi({ description: 'A signing service that is configured.' }),
          credential: KeyName.openapi({ description: 'Its `credentialID` there.' }),
        }),
        z.strictObject({
          privateKey: pem.openapi({ description: 'PKCS #8. For development: it is sealed and kept here.' }),
        }),
      ])
      .openapi({ description: 'Where the key is. The keys of real seals stay at their signing service.' }),
  })
  .openapi('SigningImport', {
    example: {
      owner: 'unit:00082-2025',
      certificate: '-----BEGIN CERTIFICATE-----\nMIIC…\n-----END CERTIFICATE-----',
      chain: ['-----BEGIN CERTIFICATE-----\nMIIC…\n-----END CERTIFICATE-----'],
      key: { service: 'simulator', credential: 'seal-00082-2025' },
    },
  })

const no = refusals(
  'token-needed',
  'not-allowed',
  'invalid-request',
  'signing-not-possible',
  'idempotency-key-reused',
  'wrong-media-type',
  'too-large',
)

const route = createRoute({
  method: 'post',
  path: '/v1/signing-credentials',
  operationId: 'importSigningCredential',
  tags: ['Operation'],
  summary: 'Import a certificate to sign with',
  description:
    'For operators. The certificate has to lead to a trusted root, and the key has to be the one of the certificate: a private key is tried, a signing service is asked (`credentials/info`). It signs nothing until it is activated.',
  security: [{ officer: [] }],
  request: {
    headers: z.object({ 'idempotency-key': IdempotencyKeyHeader.optional() }),
    body: { required: true, content: { 'application/json': { schema: SigningImport } } },
  },
  responses: {
    201: {
      description: 'Imported',
      headers: z.object({ location: z.string(), 'idempotent-replayed': z.string().optional() }),
      content: { 'application/json': { schema: SignerView } },
    },
    ...no.responses,
  },
})

export function importRoute(api: Api) {
  api.openapi(route, async (c) => {
    const body = c.req.valid('json')
    const { value, replayed } = no.unwrap(await importCredential(c.var.context, body, commandOf(c, body)))
    return c.json(showSigner(value), 201, {
      location: `/v1/signing-credentials/${encodeURIComponent(value.id)}`,
      ...(replayed && { 'idempotent-replayed': 'true' }),
    })
  })
}
