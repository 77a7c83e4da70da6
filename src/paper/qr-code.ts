import type { QrCode } from './drawing.ts'

/**
 * A text as a QR code (ISO/IEC 18004, error correction M). The encoder is loaded with the first: its tables take time to make,
 * and the Worker starts without them. A fixed mask saves trying all eight, which readers do not need.
 */
export async function qrCodeOf(text: string): Promise<QrCode> {
  const { encodeQR } = await import('qr')
  const rows = encodeQR(text, 'raw', { ecc: 'medium', encoding: 'byte', mask: 2, border: 1 })
  // The library insists on a border; the paper around is white.
  return rows.slice(1, -1).map((row) => row.slice(1, -1))
}
