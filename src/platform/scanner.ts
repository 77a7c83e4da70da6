/** `url` is where bytes are posted to; `timeout` in milliseconds. */
export type ScannerAccount = { url: string; token: string | null; timeout: number }

export type Verdict = { verdict: 'clean' } | { verdict: 'infected'; threat: string }

/** No verdict came; the same may be asked later. */
export class ScannerAway extends Error {}

/** Who looks at bytes for malware. */
export type Scanner = {
  /** Throws {@link ScannerAway}. */
  scan(body: ReadableStream, length: number): Promise<Verdict>
}

/**
 * The protocol of clamav-rest (github.com/ajilach/clamav-rest): the raw bytes are posted to `/scanHandlerBody`; 200 with `{OK …}` is
 * clean, 406 with `{FOUND name …}` infected. Whatever else comes, an empty 200 as well, says nothing about the file.
 */
export const httpScanner = ({ url, token, timeout }: ScannerAccount): Scanner => ({
  async scan(body, length) {
    // Told how long it is, the scanner knows when it has seen all of it.
    const exact = new FixedLengthStream(length)
    const sending = body.pipeTo(exact.writable).catch(() => undefined)
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/octet-stream',
          ...(token !== null && { authorization: `Bearer ${token}` }),
        },
        body: exact.readable,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
      })
      const said = await response.text()
      await sending
      if (response.status === 200 && /\bOK\b/.test(said)) return { verdict: 'clean' }
      const threat = /\bFOUND\b\W+([\w./-]{1,100})/.exec(said)?.[1]
      if (response.status === 406) return { verdict: 'infected', threat: threat ?? 'unnamed' }
      throw new ScannerAway(`the scanner answered ${response.status}`)
    } catch (cause) {
      if (cause instanceof ScannerAway) throw cause
      throw new ScannerAway('the scanner gave no answer', { cause })
    }
  },
})
