import { once } from 'node:events'
import { createServer, connect, type Socket } from 'node:net'

export type Line = {
  url: string
  /** Cuts the connection that first has carried so many more bytes towards the service, without a word to either side. */
  cutAfter(bytes: number): void
  cuts(): number
  close(): Promise<void>
}

/** A line to a service on this machine that breaks when it is told to. */
export async function cuttingLine(port: number): Promise<Line> {
  let [left, cuts] = [Number.POSITIVE_INFINITY, 0]
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    far.pipe(near)
    near.on('data', (data) => {
      if (data.length < left) {
        left -= data.length
        far.write(data)
        return
      }
      const [last, rest] = [left, near]
      left = Number.POSITIVE_INFINITY
      cuts++
      rest.pause()
      // What came is handed on before the line breaks, as a tunnel would have it.
      far.write(data.subarray(0, last), () => {
        far.destroy()
        near.resetAndDestroy()
      })
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the line has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    cutAfter: (bytes) => void (left = bytes),
    cuts: () => cuts,
    async close() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
