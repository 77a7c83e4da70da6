import { fuzzing } from './fuzzing.ts'

fuzzing('what changes something', ({ method }) => method !== 'GET')
