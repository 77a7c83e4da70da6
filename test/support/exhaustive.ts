/** Whether all is tried that a promise is tried with, as `npm run test:exhaustive`, and so CI, does. */
export const exhaustive = Boolean(process.env['EXHAUSTIVE'])

/** How many of so many tries are made: a fifth in `npm test`. */
export const partOf = (all: number): number => (exhaustive ? all : Math.ceil(all / 5))
