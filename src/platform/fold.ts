/**
 * Letters as people type them in a hurry: lower case, without Vietnamese accents, single spaces ("Đống Đa" → "dong da").
 * Both sides of a search go through it, so a query matches with and without accents.
 */
export const fold = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd').replace(/\s+/g, ' ').trim()

/** The folded words of a query; none when it is empty. */
export const wordsOf = (query: string | undefined): string[] =>
  fold(query ?? '')
    .split(' ')
    .filter(Boolean)

/** The same as an id for addresses: "Civil status" → "civil-status". */
export const slug = (text: string): string =>
  fold(text)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
