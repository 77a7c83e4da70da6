const timeout = 10_000
const largestReply = 64 * 1024

/** Posts bytes and answers the reply's bytes; throws on anything but a small 200 within ten seconds. */
export async function postBytes(url: string, body: Uint8Array, contentType: string): Promise<Uint8Array> {
  const response = await fetch(url, {
    method: 'POST',
    body: Uint8Array.from(body),
    headers: { 'content-type': contentType },
    redirect: 'manual',
    signal: AbortSignal.timeout(timeout),
  })
  return bodyOf(response, url, largestReply)
}

const largestList = 1024 * 1024

/** Fetches at most a megabyte; throws on anything but a 200 within ten seconds. */
export async function getBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeout) })
  return bodyOf(response, url, largestList)
}

/** The body of a 200, of which no more is ever held than it may have. */
async function bodyOf(response: Response, url: string, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.length
    if (response.status !== 200 || length > most) break
    parts.push(part)
  }
  if (response.status === 200 && length <= most) return new Uint8Array(await new Blob(parts).arrayBuffer())
  throw new Error(`${url} answered ${response.status} with ${length} bytes or more`)
}
