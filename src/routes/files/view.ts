import { z } from '@hono/zod-openapi'
import { largestFile, mediaTypes } from '../../domain/file.ts'
import { scanAtFirst, scans } from '../../domain/scan.ts'
import type { StoredFile } from '../../store/files.ts'
import { FileId, Instant } from '../shapes.ts'

export const Scan = z.enum(scans).openapi({
  description:
    'Whether it was looked at for malware: `none` (nobody looks), `pending`, `clean`, `infected` (quarantined), `failed` (no verdict ever came), `released` (a false alarm).',
})

export const FileView = z
  .object({
    id: FileId,
    sha256: z.string().length(64),
    size: z.int().min(1).max(largestFile).openapi({ description: 'In bytes.' }),
    mediaType: z.enum(mediaTypes),
    createdAt: Instant,
    scan: Scan,
  })
  .openapi('File')

/** As it was when it was taken in: an upload that is sent again is answered with the first reply. */
export const showTaken = (file: StoredFile) => FileView.parse({ ...file, scan: scanAtFirst(file.scan) })
