/** One fault in the request: where (RFC 6901 pointer), which rule, and the words in both languages. */
export type InputError = { pointer: string; code: string; detail: Text }

/** Words shown to people, in both languages of the service. */
export type Text = { vi: string; en: string }

/** What else a refusal says: all faults of the input at once, words that fit this very case, and the scope that a token would need. */
export type Because = { errors?: InputError[]; detail?: Text; scope?: string }

/** A refusal is an ordinary answer of the service; only broken machinery throws. */
export type Result<T, R extends string> = { ok: true; value: T } | Refused<R>
export type Refused<R extends string> = { ok: false; refusal: R; because?: Because }

export const ok = <T>(value: T) => ({ ok: true, value }) as const

export const refuse = <R extends string>(refusal: R, because?: Because): Refused<R> =>
  because ? { ok: false, refusal, because } : { ok: false, refusal }
