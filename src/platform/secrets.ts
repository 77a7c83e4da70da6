import { timingSafeEqual } from 'node:crypto'
import { fromBase64Url, sha256, toBase64Url } from './crypto.ts'

/** A new client secret of 256 random bits; the prefix lets secret scanners recognise one that leaked. */
export const newSecret = (): string => `motcua_${newHandle()}`

/** 256 random bits that nobody guesses: a code, the name of something on its way, what a browser is known by. */
export const newHandle = (): string => toBase64Url(crypto.getRandomValues(new Uint8Array(32)))

/**
 * What is kept of a secret. Plain SHA-256 is right here: slow, salted hashing makes guessing dear,
 * and 256 random bits cannot be guessed at any speed.
 */
export const hashOfSecret = async (secret: string): Promise<string> => toBase64Url(await sha256(secret))

/** Whether the secret has this hash, in a time that does not depend on where they differ. */
export const isSecretOf = async (secret: string, hash: string): Promise<boolean> =>
  timingSafeEqual(await sha256(secret), fromBase64Url(hash))
