import { fuzzing } from './fuzzing.ts'

fuzzing('what only reads', ({ method }) => method === 'GET')
