import type { Api } from '../../app.ts'
import { apiVersion } from '../version.ts'

/** The OpenAPI 3.1 description, made from the same schemas that check every request and build every reply. */
export function openapiDocument(api: Api, origin: string) {
  const registry = api.openAPIRegistry
  if (
    !registry.definitions.some(
      (definition) => definition.type === 'component' && definition.componentType === 'securitySchemes',
    )
  ) {
    registry.registerComponent('securitySchemes', 'app', {
      type: 'oauth2',
      description: 'A third-party app: client credentials at /oauth/token (client_secret_basic or private_key_jwt).',
      flows: {
        clientCredentials: {
          tokenUrl: '/oauth/token',
          scopes: {
            'dossiers:submit': 'Hand in dossiers and files.',
            'dossiers:read': 'Read the dossiers that the app handed in.',
            'dossiers:take-over': 'Take dossiers over from an earlier system.',
            webhooks: 'Be told of what happens to the dossiers that the app handed in.',
          },
        },
      },
    })
    registry.registerComponent('securitySchemes', 'clientSecretBasic', {
      type: 'http',
      scheme: 'basic',
      description: 'Client id and secret of an app, at /oauth/token only.',
    })
    registry.registerComponent('securitySchemes', 'citizen', {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description:
        'A citizen’s or organisation’s access token of the national identity provider; scopes `dossiers`, `copies`.',
    })
    registry.registerComponent('securitySchemes', 'officer', {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'An official’s access token of the city’s identity provider; claims `unit` and `roles`.',
    })
  }
  return api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'motcua: the one door of the city',
      version: apiVersion,
      description:
        'Hand in a dossier for any administrative procedure of any level of government, follow it, get its result as an electronically certified copy, and check any copy. Replies other than 2xx and 3xx are problem documents (RFC 9457) whose `type` opens a page in Vietnamese and English.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: origin }],
    tags: [
      { name: 'Dossiers', description: 'Hand in, follow, handle.' },
      { name: 'Files', description: 'What a dossier is proved with.' },
      { name: 'Copies', description: 'Electronically certified copies.' },
      { name: 'Catalogue', description: 'Procedures, units, routing, time.' },
      { name: 'Public', description: 'Without an account.' },
      { name: 'Apps', description: 'Third parties and their tokens.' },
      { name: 'Operation', description: 'For the operators of the service.' },
      { name: 'House', description: 'The service itself.' },
    ],
  })
}
