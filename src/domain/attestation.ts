// Where the status of a copy stands for machines: a place in a list of its register's year. Pure.

/** How many copies one number can carry; the places in a status list are counted by it. */
export const mostTogether = 20

/** The type of an attestation (`vct`), as its readers compare it. */
export const attestationType = 'urn:motcua:certified-copy:1'

/** In the words of the Token Status List: valid, invalid, and 3, which it leaves to the application. */
export const statusValues = { valid: 0, revoked: 1, superseded: 3 } as const

/** `list` is the unit and year of the number; the place follows from the rest, so that none has to be kept. */
export function placeInList(number: string): { list: string; index: number } {
  const [unit = '', year = '', serial = '', which = '1'] = number.split('.')
  return { list: `${unit}.${year}`, index: (Number(serial) - 1) * mostTogether + Number(which) - 1 }
}
