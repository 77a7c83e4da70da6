// The quickstart with types of openapi-typescript: look a procedure up, hand in, follow, and meet a refusal.
import createClient from 'openapi-fetch'
import type { paths } from '../made/openapi-typescript.js'
import { accessToken, api, forPerson, somebodyNew, told } from './start.ts'

const client = createClient<paths>({ baseUrl: api })
const authorization = `Bearer ${await accessToken()}`

const procedure = await client.GET('/v1/procedures/{code}', { params: { path: { code: '1.000894' } } })
if (!procedure.data) throw new Error(procedure.error.detail)
told('procedure', procedure.data.name.en)

const body = forPerson(procedure.data.exampleSubmission, somebodyNew())
const key = crypto.randomUUID()
const handIn = () =>
  client.POST('/v1/dossiers', { params: { header: { 'idempotency-key': key } }, headers: { authorization }, body })
const handedIn = await handIn()
if (!handedIn.data) throw new Error(JSON.stringify(handedIn.error))
const { code, receipt } = handedIn.data
told('dossier', { code, expectedDueAt: receipt.expectedDueAt })

const again = await handIn()
if (again.data?.code !== code || again.response.headers.get('idempotent-replayed') !== 'true')
  throw new Error('the same key made something else')

const dossier = await client.GET('/v1/dossiers/{code}', { params: { path: { code } }, headers: { authorization } })
if (!dossier.data) throw new Error(dossier.error.detail)
told('status', dossier.data.status)

const progress = await client.GET('/v1/dossiers/{code}/progress', {
  params: { path: { code }, query: { secret: receipt.lookupSecret } },
})
if (!progress.data?.details) throw new Error('the look-up secret opens nothing')
told('progress', progress.data.completion)

const refused = await client.GET('/v1/dossiers/{code}', {
  params: { path: { code: 'LOCAL.00082-200101-0001' } },
  headers: { authorization, 'accept-language': 'en' },
})
if (refused.error?.code !== 'no-such-dossier') throw new Error('a dossier that is not there was found')
told('refusal', refused.error.title)
