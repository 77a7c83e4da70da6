/** A text as it is read: each portion is asked for when the reader has taken the one before. */
export function streamed<T>(
  head: string,
  portions: AsyncGenerator<T>,
  written: (portion: T) => string | Promise<string>,
  tail = '',
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let before = head
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await portions.next()
      controller.enqueue(encoder.encode(before + (done ? tail : await written(value))))
      before = ''
      if (done) controller.close()
    },
    async cancel() {
      await portions.return(undefined)
    },
  })
}
