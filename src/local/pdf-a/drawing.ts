// ISO 19005-3:2012, 6.2: what is painted, in which colours, with which letters.
import { contentsOf } from './content.ts'
import { type Dict, everyDict, type ReadFile, said, Stream } from './file.ts'
import { rule, type Rule, unless } from './rule.ts'

/** ISO 32000-1, annex A. */
const operators = new Set(
  (
    'b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J K k l m M MP n q Q re RG ' +
    `rg ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' "`
  ).split(' '),
)

/** Which kind of resource an operator names with its last operand. */
const named: Partial<Record<string, string>> = { Tf: 'Font', Do: 'XObject', gs: 'ExtGState', sh: 'Shading' }

const images = (file: ReadFile): Stream[] =>
  file.objects.filter((value): value is Stream => value instanceof Stream && value.dict.get('Subtype') === '/Image')
const forms = (file: ReadFile): Stream[] =>
  file.objects.filter((value): value is Stream => value instanceof Stream && value.dict.get('Subtype') === '/Form')
const states = (file: ReadFile): Dict[] =>
  [...everyDict(file)].flatMap((dict) =>
    [...file.dict(dict.get('ExtGState')).values()].map((state) => file.dict(state)),
  )

/** The colour space of an image by its first name. */
const spaceOf = (file: ReadFile, image: Stream) => {
  const space = file.at(image.dict.get('ColorSpace'))
  return Array.isArray(space) ? `${said(space[0])} ${said(file.at(space[1]))}` : said(space)
}

const profileTags = ['desc', 'cprt', 'wtpt', 'rXYZ', 'gXYZ', 'bXYZ', 'rTRC', 'gTRC', 'bTRC']

/** What is wrong with the header and the tag table of a display profile in RGB (ICC.1:2001-04, 6.1 to 6.3). */
function profileFaults(profile: Buffer): string[] {
  const word = (at: number) => profile.toString('latin1', at, at + 4)
  const count = profile.readUInt32BE(128)
  const tags = new Map(
    Array.from({ length: count }, (_, index) => {
      const at = 132 + index * 12
      return [word(at), profile.readUInt32BE(at + 4) + profile.readUInt32BE(at + 8)] as const
    }),
  )
  return [
    ...unless(profile.readUInt32BE(0) === profile.length, 'its size'),
    ...unless((profile[8] ?? 9) < 5, 'its version'),
    ...unless(['mntr', 'prtr'].includes(word(12)) && word(16) === 'RGB ' && word(36) === 'acsp', 'its kind'),
    ...profileTags.filter((tag) => (tags.get(tag) ?? Infinity) > profile.length),
  ]
}

export const drawing: Rule[] = [
  rule('6.2.2', 'paints with known operators and resources of its own', (file) =>
    contentsOf(file).flatMap(({ resources, operations }) =>
      operations.flatMap(({ operator, operands }) => {
        const kind = named[operator]
        const isThere = kind === undefined || file.dict(resources?.get(kind)).has((operands[0] ?? '').slice(1))
        return [...unless(operators.has(operator), operator), ...unless(isThere, `${operands[0]} ${operator}`)]
      }),
    ),
  ),
  rule('6.2.3', 'has one output intent, with a profile for its colours', (file) => {
    const intents = file.list(file.catalog.get('OutputIntents')).map((intent) => file.dict(intent))
    return [
      ...unless(intents.length === 1, `${intents.length} output intents`),
      ...intents.flatMap((intent) => {
        const profile = file.at(intent.get('DestOutputProfile'))
        if (!(profile instanceof Stream)) return ['no profile']
        return [
          ...unless(intent.get('S') === '/GTS_PDFA1' && intent.has('OutputConditionIdentifier'), 'its kind'),
          ...unless(!intent.has('DestOutputProfileRef'), 'DestOutputProfileRef'),
          ...unless(profile.dict.get('N') === 3, 'N'),
          ...profileFaults(Buffer.from(profile.data())).map((fault) => `profile: ${fault}`),
        ]
      }),
    ]
  }),
  rule('6.2.4.3', 'uses no colours but RGB and grey, whose meaning the output intent gives', (file) => [
    ...contentsOf(file).flatMap(({ operations }) =>
      operations.map(({ operator }) => operator).filter((operator) => ['k', 'K', 'cs', 'CS'].includes(operator)),
    ),
    ...images(file)
      .map((image) => spaceOf(file, image))
      .filter((space) => !['/DeviceRGB', '/DeviceGray', '/Indexed /DeviceRGB', '/Indexed /DeviceGray'].includes(space)),
  ]),
  rule('6.2.5', 'has no graphics state with transfer functions or halftones', (file) =>
    states(file).flatMap((state) => ['TR', 'TR2', 'HTP', 'HTO', 'HT'].filter((key) => state.has(key))),
  ),
  rule('6.2.8', 'has images without alternates or interpolation, their pixels all there', (file) =>
    images(file).flatMap((image) => [
      ...['Alternates', 'OPI'].filter((key) => image.dict.has(key)),
      ...unless(image.dict.get('Interpolate') !== true, 'Interpolate'),
      ...unless([1, 2, 4, 8, 16].includes(Number(image.dict.get('BitsPerComponent'))), 'BitsPerComponent'),
    ]),
  ),
  rule('6.2.9', 'has no forms from outside and no PostScript', (file) => [
    ...forms(file).flatMap(({ dict }) => ['OPI', 'PS', 'Subtype2', 'Ref'].filter((key) => dict.has(key))),
    ...file.objects.flatMap((value) =>
      value instanceof Stream && value.dict.get('Subtype') === '/PS' ? ['a PostScript XObject'] : [],
    ),
  ]),
  rule('6.2.10', 'lets nothing shine through', (file) => [
    ...images(file).flatMap(({ dict }) => ['SMask', 'SMaskInData'].filter((key) => dict.has(key))),
    ...states(file).flatMap((state) => [
      ...['ca', 'CA'].filter((key) => (state.get(key) ?? 1) !== 1),
      ...unless((state.get('SMask') ?? '/None') === '/None', 'SMask'),
      ...unless(['/Normal', '/Compatible'].includes(said(state.get('BM') ?? '/Normal')), 'BM'),
    ]),
    ...[...everyDict(file)].flatMap((dict) =>
      dict.has('Group') && file.dict(dict.get('Group')).get('S') === '/Transparency' ? ['a transparency group'] : [],
    ),
  ]),
]
