import fc from 'fast-check'

/** Where random examples start. A landing must not hang on luck; `EXPLORE=1 npm run test:rules` tries others each time. */
if (!process.env['EXPLORE']) fc.configureGlobal({ seed: 20_250_701 })
