import { z } from '@hono/zod-openapi'
import { jwtBearer } from './request.ts'

/** How a client proves who it is in a form, where it does not by HTTP Basic. */
export const clientFields = {
  client_id: z.string().max(64).optional(),
  client_assertion_type: z.literal(jwtBearer).optional(),
  client_assertion: z
    .string()
    .max(8192)
    .optional()
    .openapi({ description: 'private_key_jwt: a JWT by RFC 7523, good for 5 minutes at most, once.' }),
}

const text = (longest: number, description: string) => z.string().max(longest).optional().openapi({ description })

/** What an app asks of a citizen (RFC 6749 §4.1.1, RFC 7636, RFC 8707), in an address or pushed. */
export const authorizationFields = {
  response_type: text(20, 'Always `code`.'),
  redirect_uri: text(500, 'One of those that the app is registered with, letter by letter.'),
  scope: text(200, 'Of `citizen:dossiers:read` and `citizen:copies:read`, what the app is registered for.'),
  state: text(1000, 'Comes back as it is.'),
  code_challenge: text(43, 'PKCE: the SHA-256 of the verifier, in base64url.'),
  code_challenge_method: text(20, 'Always `S256`.'),
  purpose: text(64, 'Which of the registered purposes the citizen is asked for; the only one where missing.'),
  ui_locales: text(100, '`vi` or `en`: the language of the page.'),
  resource: text(200, 'RFC 8707; only this service is possible.'),
  response_mode: text(20, 'Always `query`.'),
}
