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
  const bytes = new Uint8Array(await response.arrayBuffer())
  if (response.status !== 200 || bytes.length > largestReply)
    throw new Error(`${url} answered ${response.status} with ${bytes.length} bytes`)
  return bytes
}

const largestList = 1024 * 1024

/** Fetches at most a megabyte; throws on anything but a 200 within ten seconds. */
export async function getBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeout) })
  const bytes = new Uint8Array(await response.arrayBuffer())
  if (response.status !== 200 || bytes.length > largestList)
    throw new Error(`${url} answered ${response.status} with ${bytes.length} bytes`)
  return bytes
}
