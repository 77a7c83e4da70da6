/** What the house uses of a bucket. */
export type Bucket = Pick<
  R2Bucket,
  'put' | 'get' | 'head' | 'delete' | 'list' | 'createMultipartUpload' | 'resumeMultipartUpload'
>
type Folder = Bucket & { empty(): Promise<void> }

/** A part of a bucket as if it were a whole one: no key leads out of the folder, and none tells of it. */
export function folderOf(bucket: R2Bucket, folder: string): Folder {
  const within = (key: string) => `${folder}/${key}`
  const bare = (key: string) => key.slice(folder.length + 1)
  const list = async ({ prefix = '', ...rest }: R2ListOptions = {}) => {
    const page = await bucket.list({ ...rest, prefix: within(prefix) })
    return { ...page, objects: page.objects.map(({ key }) => ({ key: bare(key) })) }
  }
  const remove = (keys: string | string[]) => bucket.delete([keys].flat().map(within))
  return {
    put: (key: string, ...rest: [never, never]) => bucket.put(within(key), ...rest),
    get: (key: string, ...rest: []) => bucket.get(within(key), ...rest),
    head: (key: string) => bucket.head(within(key)),
    delete: remove,
    list,
    createMultipartUpload: (key: string, ...rest: []) => bucket.createMultipartUpload(within(key), ...rest),
    resumeMultipartUpload: (key: string, id: string) => bucket.resumeMultipartUpload(within(key), id),
    async empty() {
      for (let more = true; more;) {
        const { objects, truncated } = await list()
        if (objects.length > 0) await remove(objects.map(({ key }) => key))
        more = truncated
      }
    },
  } as unknown as Folder
}
