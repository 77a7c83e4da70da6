// The same quickstart with the functions that @hey-api/openapi-ts makes.
import { client } from '../made/hey-api/client.gen.ts'
import { fileDossier, listDossiers, readDossier, readProcedure, readProgress } from '../made/hey-api/sdk.gen.ts'
import { accessToken, api, forPerson, somebodyNew, told } from './start.ts'

client.setConfig({ baseUrl: api, throwOnError: true })
const auth = await accessToken()

const { data: procedure } = await readProcedure({ path: { code: '1.000894' }, throwOnError: true })
told('procedure', procedure.name.en)

const { data: handedIn } = await fileDossier({
  auth,
  headers: { 'idempotency-key': crypto.randomUUID() },
  body: forPerson(procedure.exampleSubmission, somebodyNew()),
  throwOnError: true,
})
told('dossier', { code: handedIn.code, expectedDueAt: handedIn.receipt.expectedDueAt })

const path = { code: handedIn.code }
const { data: dossier } = await readDossier({ auth, path, throwOnError: true })
told('status', dossier.status)

const { data: progress } = await readProgress({
  path,
  query: { secret: handedIn.receipt.lookupSecret },
  throwOnError: true,
})
told('progress', progress.completion)

const { data: page } = await listDossiers({ auth, query: { limit: 1 }, throwOnError: true })
if (page.items[0]?.code !== handedIn.code) throw new Error('the newest dossier is not the first of the list')

const { error } = await readDossier({ auth, path: { code: 'LOCAL.00082-200101-0001' }, throwOnError: false })
if (error?.code !== 'no-such-dossier') throw new Error('a dossier that is not there was found')
told('refusal', error.title)
