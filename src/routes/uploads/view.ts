import { z } from '@hono/zod-openapi'
import { largestFile } from '../../domain/file.ts'
import type { Shown } from '../../usecases/uploads/read.ts'
import { FileView } from '../files/view.ts'
import { FileId, Instant } from '../shapes.ts'

export const UploadId = z
  .string()
  .regex(/^upload_[0-9a-f-]{36}$/)
  .openapi({ example: 'upload_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e' })

export const UploadParam = z.object({ id: UploadId.openapi({ param: { name: 'id', in: 'path' } }) })

export const TusVersion = z
  .string()
  .max(20)
  .openapi({ description: 'The version of the protocol, `1.0.0`.', example: '1.0.0' })

const number = z.string().regex(/^\d{1,12}$/)
export const UploadOffset = number.openapi({ description: 'How many bytes of it are kept.', example: '0' })
export const UploadLength = number.openapi({ description: 'The bytes of the whole file.', example: '2400000' })
export const UploadChecksum = z.string().max(200).openapi({
  description:
    'Algorithm (`sha256`, `sha1`) and digest of the bytes of this request, in base64: all of them count, or none.',
})

/** Headers that tell how far an upload is. */
export const stand = {
  'upload-offset': UploadOffset,
  'upload-expires': z.string().openapi({ description: 'When it ends by itself, unless more comes (HTTP date).' }),
  'file-id': FileId.optional().openapi({ description: 'The file that it has become, once it is whole.' }),
}

export const UploadView = z
  .object({
    id: UploadId,
    length: z.int().min(1).max(largestFile).openapi({ description: 'The bytes of the whole file.' }),
    offset: z.int().min(0).max(largestFile).openapi({ description: 'How many of them are kept.' }),
    createdAt: Instant,
    expiresAt: Instant.openapi({ description: 'When it ends by itself, unless more comes.' }),
    file: z.union([FileView, z.null()]).openapi({ description: 'The file that it has become, once it is whole.' }),
  })
  .openapi('Upload')

export const showUpload = ({ upload, file }: Shown) => UploadView.parse({ ...upload, offset: upload.received, file })

export const standOf = ({ upload, file }: Shown): Record<string, string> => ({
  'upload-offset': String(upload.received),
  'upload-expires': new Date(upload.expiresAt).toUTCString(),
  ...(file && { 'file-id': file.id }),
})
