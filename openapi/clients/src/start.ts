/** Where the service is, and the app that the developer was given; from the environment, as an app would have it. */
function given(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is missing`)
  return value
}

export const api = given('API')

/** Client credentials by HTTP Basic (RFC 6749 §4.4, §2.3.1). */
export async function accessToken(): Promise<string> {
  const pair = [given('CLIENT_ID'), given('CLIENT_SECRET')].map(encodeURIComponent).join(':')
  const response = await fetch(`${api}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(pair)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  if (!response.ok) throw new Error(`no token: ${response.status} ${await response.text()}`)
  const { access_token: token } = (await response.json()) as { access_token: string }
  return token
}

export function told(what: string, as: unknown): void {
  console.log(`  ${what}: ${JSON.stringify(as)}`)
}

/** Somebody who has no open dossier yet: the same matter of the same person is answered with the one that is open. */
export const somebodyNew = (): string => `001190${String(Math.floor(Math.random() * 1e6)).padStart(6, '0')}`

/** The example of the catalogue, for that person. */
export function forPerson<Body extends { applicant: object }>(example: Body, personalId: string): Body {
  return { ...example, applicant: { ...example.applicant, personalId } }
}
