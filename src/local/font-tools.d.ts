// The two build-time font tools ship no types; only what make-font.ts calls is described here.
declare module 'fontkit' {
  type Font = {
    postscriptName: string
    unitsPerEm: number
    ascent: number
    descent: number
    capHeight: number
    numGlyphs: number
    bbox: { minX: number; minY: number; maxX: number; maxY: number }
    characterSet: number[]
    glyphForCodePoint(point: number): { id: number }
    getGlyph(id: number): { advanceWidth: number; path: { toSVG(): string } }
  }
  export function create(program: Uint8Array): Font
}

declare module 'subset-font' {
  type Options = { targetFormat: 'truetype'; noHinting: boolean; noLayoutClosure: boolean; dropTables: string[] }
  export default function subsetFont(program: Uint8Array, text: string, options: Options): Promise<Buffer>
}
