import type { Api } from '../../app.ts'
import type { ConsentScope } from '../../domain/consent.ts'
import { listedScopes, partsOf, type ScopeName } from '../../domain/scope.ts'
import { apiVersion } from '../version.ts'
import { describeCommon } from './common.ts'

const scopeWords: Record<ScopeName, string> = {
  'dossiers:submit': 'Hand in dossiers and files.',
  'dossiers:read': 'Read the dossiers that the app handed in.',
  'dossiers:take-over': 'Take dossiers over from an earlier system.',
  webhooks: 'Be told of what happens to the dossiers that the app handed in and may read.',
}

const narrowed = {
  city: ' Only of procedures that the city decides.',
  commune: ' Only of procedures that communes decide.',
}
const wordsOf = (scope: (typeof listedScopes)[number]) => {
  const { name, of } = partsOf(scope)
  return `${scopeWords[name]}${of === 'city' || of === 'commune' ? narrowed[of] : ''}`
}

/** RFC 8725: how tokens are checked: algorithm pinned, issuer and audience compared, type `at+jwt`. */
const bearer = (description: string) => ({ type: 'http' as const, scheme: 'bearer', bearerFormat: 'JWT', description })

const securitySchemes = {
  app: {
    type: 'oauth2' as const,
    description:
      'A third-party app: client credentials at /oauth/token (client_secret_basic or private_key_jwt). A scope about dossiers may also name one procedure, such as `dossiers:submit:1.004873`; operations ask for any of that name that covers the dossier. A token may be bound to a key (DPoP, RFC 9449): it then goes as `Authorization: DPoP` with a proof in `DPoP`. Tokens keep to RFC8725.',
    flows: {
      clientCredentials: {
        tokenUrl: '/oauth/token',
        // A client that proves itself needs no refresh token: it asks at the same place again.
        refreshUrl: '/oauth/token',
        scopes: Object.fromEntries(listedScopes.map((scope) => [scope, wordsOf(scope)])),
      },
    },
  },
  consent: {
    type: 'oauth2' as const,
    description:
      'An app with a citizen’s consent: authorization code with PKCE (S256); the refresh token rotates. Tokens keep to RFC8725.',
    flows: {
      authorizationCode: {
        authorizationUrl: '/oauth/authorize',
        tokenUrl: '/oauth/token',
        refreshUrl: '/oauth/token',
        scopes: {
          'citizen:dossiers:read': 'Read a citizen’s dossiers, as far as they consented.',
          'citizen:copies:read': 'Read a citizen’s certified copies, as far as they consented.',
        } satisfies Record<ConsentScope, string>,
      },
    },
  },
  clientSecretBasic: {
    type: 'http' as const,
    scheme: 'basic',
    description: 'Client id and secret of an app, at /oauth/token, /oauth/par and /oauth/revoke only.',
  },
  citizen: bearer(
    'A citizen’s or organisation’s access token of the national identity provider; scopes `dossiers`, `copies`. Tokens keep to RFC8725.',
  ),
  officer: bearer(
    'An official’s access token of the city’s identity provider; claims `unit` and `roles`. Tokens keep to RFC8725.',
  ),
}

const description = `Hand in a dossier for any administrative procedure of any level of government, follow it, get its result as an
electronically certified copy, and check any copy.

*Nộp hồ sơ cho mọi thủ tục hành chính của cả ba cấp, theo dõi, nhận kết quả kèm bản sao điện tử có chứng thực, và kiểm tra bản sao bất kỳ.*

- **Who asks** decides what is seen: one address for apps, citizens, officers and the public. What you may not see does not exist for you (404).
- **For an organisation** acts whose token names its tax code, and whoever it has given a mandate: they name it in the header \`Mandate\`.
- **With a citizen’s consent** an app reads what that citizen lets it read, and nothing else: it asks at \`/oauth/authorize\`.
- **Order of checks**: address, method, size, token, shape of the request, permission, existence, version (\`If-Match\`), rules.
- **Problems**: whatever is not 2xx or 3xx is \`application/problem+json\` (RFC 9457); \`type\` opens [a page](/problems) in Vietnamese and English; \`errors\`
  lists all faults of the input at once. Only [\`/oauth/token\`](https://www.rfc-editor.org/rfc/rfc6749#section-5.2), \`/oauth/par\` and \`/oauth/revoke\` answer as OAuth wants it.
- **Every reply** names its request (\`X-Request-Id\`) and the version of this API (\`API-Version\`). An address that is not there is 404 \`no-such-address\`,
  a method that it does not have 405 \`method-not-allowed\` with \`Allow\`, a JSON body of more than 1 MB 413 \`too-large\`, asked for or not.
- **Traces**: send a \`traceparent\` (W3C Trace Context) and \`TraceResponse\` goes on with it; our log names it.
- **Sandboxes**: an app of the kind \`sandbox\` has a city of its own at the same addresses, with a clock that can be moved; its replies bear
  \`Sandbox: true\`, and its links lead below \`/sandboxes/{app}\`. One that is not open is 404 \`no-such-sandbox\`.
- **Endings**: what will end says so a year before, by \`Deprecation\` (RFC 9745) and \`Sunset\` (RFC 8594).
- **Again**: send the same \`Idempotency-Key\` with the same body and get the first reply again.
- **Races**: \`ETag\` on whatever is read, \`If-Match\` on whatever changes it.
- **Pages**: \`items\` and \`next\`; send \`next\` back as \`after\`. There are no counts.
- **Read your writes**: a change answers with \`X-Bookmark\`; a read that sends it back shows at least that change.`

/** The OpenAPI 3.1 description, made from the same schemas that check every request and build every reply. */
export function openapiDocument(api: Api, origin: string) {
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'motcua: the one door of the city',
      version: apiVersion,
      description,
      contact: { name: 'motcua', url: `${origin}/docs` },
      termsOfService: `${origin}/docs`,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: origin, description: 'Production', 'x-internal': false }],
    tags: [
      { name: 'Dossiers', description: 'Hand in, follow, handle.' },
      { name: 'Files', description: 'What a dossier is proved with.' },
      { name: 'Payments', description: 'What it costs, how it is paid, receipts and refunds.' },
      { name: 'Registers', description: 'The books that the law wants kept.' },
      { name: 'Reforms', description: 'What happens to open dossiers when units end, merge or divide.' },
      { name: 'Copies', description: 'Electronically certified copies.' },
      { name: 'Mandates', description: 'Whom an organisation lets act for it.' },
      { name: 'Consents', description: 'What citizens let apps read.' },
      { name: 'Catalogue', description: 'Procedures, units, routing, time.' },
      { name: 'Public', description: 'Without an account.' },
      { name: 'Apps', description: 'Third parties and their tokens.' },
      { name: 'Webhooks', description: 'Be told of what happens, and read it all in order.' },
      { name: 'Sandbox', description: 'A city of one’s own, with a clock that can be moved.' },
      { name: 'Operation', description: 'For the operators of the service.' },
      { name: 'House', description: 'The service itself.' },
    ],
  })
  return describeCommon({ ...document, components: { ...document.components, securitySchemes } })
}
