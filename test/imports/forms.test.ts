import addFormats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { readForms } from '../../src/imports/forms.ts'
import { readFiles } from '../../src/local/catalogue.ts'
import { schemaErrors } from '../../src/platform/json-schema.ts'

const files = readFiles().forms
const { rows, findings } = readForms(files)

/** The judge: the reference validator, in strict mode, with only our two annotations added to the language. */
const ajv = new Ajv2020({
  strict: true,
  strictRequired: false,
  strictTypes: false,
  allErrors: true,
  keywords: ['x-title-en', 'x-enum'],
})
addFormats.default(ajv)

describe('forms as shipped', () => {
  test('are real for the nine procedures that the service shows, and one serves the rest', () => {
    expect(findings).toEqual([])
    expect([...rows.keys()].toSorted()).toEqual([
      '1.000894',
      '1.001193',
      '1.001612',
      '1.004873',
      '1.012278',
      '1.013225',
      '2.000635',
      '2.000815',
      '2.001610',
      'generic',
    ])
  })

  test.each([...rows])(
    '%s: its example satisfies its schema, for the judge and for the Worker',
    (_, { schema, example }) => {
      const validate = ajv.compile(schema)
      expect(validate(example), JSON.stringify(validate.errors)).toBe(true)
      expect(schemaErrors(schema, example, '/form')).toEqual([])
    },
  )

  test.each([...rows])(
    '%s: judge and Worker agree on examples with one field missing, unknown or of another type',
    (_, { schema, example }) => {
      const validate = ajv.compile(schema)
      const broken = Object.keys(example).flatMap((key) => {
        const { [key]: _left, ...without } = example
        return [without, { ...example, [key]: 7.5 }, { ...example, [key]: '' }]
      })
      for (const form of [...broken, { ...example, surplus: 1 }])
        expect(schemaErrors(schema, form, '/form').length === 0, JSON.stringify(form)).toBe(validate(form))
    },
  )
})

describe('forms ask what the law asks', () => {
  const faults = (code: string, change: Record<string, unknown>) => {
    const form = rows.get(code)
    if (!form) throw new Error(`no ${code}`)
    return schemaErrors(form.schema, { ...form.example, ...change }, '/form').map(
      (error) => `${error.code} ${error.pointer}`,
    )
  }

  test('birth: a child without mother and father is a foundling', () => {
    const form = rows.get('1.001193')
    const { mother: _m, father: _f, ...alone } = form?.example ?? {}
    expect(schemaErrors(form?.schema ?? {}, { ...alone, relation: 'carer' }, '/form')).not.toEqual([])
    expect(schemaErrors(form?.schema ?? {}, { ...alone, relation: 'carer', foundling: true }, '/form')).toEqual([])
  })

  test('marriage: between a woman and a man, each named with an identity', () => {
    const form = rows.get('1.000894')?.example ?? {}
    expect(faults('1.000894', { bride: form['groom'] })).toContain('not-a-choice /form/bride/gender')
    const { personalId: _id, ...nameless } = Object(form['bride'])
    expect(faults('1.000894', { bride: nameless })).not.toEqual([])
  })

  test('marital status: whoever marries says whom, whoever is divorced says by which judgment', () => {
    const { futureSpouse: _s, ...form } = rows.get('1.004873')?.example ?? {}
    const schema = rows.get('1.004873')?.schema ?? {}
    expect(schemaErrors(schema, form, '/form').map((error) => error.pointer)).toContain('/form/futureSpouse')
    expect(faults('1.004873', { status: 'divorced' })).toContain('missing /form/ground')
  })

  test('copies: a foreign paper must be legalised, and at least one copy is asked for', () => {
    const paper = { name: 'Bằng', issuedBy: 'Trường', pages: 1, paperCopies: 1, electronicCopy: false }
    expect(faults('2.000815', { documents: [{ ...paper, foreign: true }] })).toContain(
      'missing /form/documents/0/legalised',
    )
    expect(faults('2.000815', { documents: [{ ...paper, paperCopies: 0 }] })).not.toEqual([])
    expect(faults('2.000815', { documents: [] })).toEqual(['too-few /form/documents'])
  })

  test('building: linear works are measured as a line, works other than houses name grade and designer', () => {
    expect(faults('1.013225', { kind: 'linear' })).toContain('missing /form/linear')
    const { design: _d, ...form } = rows.get('1.013225')?.example ?? {}
    const schema = rows.get('1.013225')?.schema ?? {}
    expect(schemaErrors(schema, { ...form, kind: 'works' }, '/form').map((error) => error.pointer)).toContain(
      '/form/design',
    )
  })

  test('enterprise: exactly one main industry, and a name that says what it is', () => {
    const main = { code: '1071', name: 'Bánh', main: true }
    expect(faults('2.001610', { industries: [{ ...main, main: false }] })).not.toEqual([])
    expect(faults('2.001610', { industries: [main, { ...main, code: '4722' }] })).not.toEqual([])
    expect(faults('2.001610', { name: 'Công ty TNHH Ví Dụ' })).toEqual(['wrong-format /form/name'])
    expect(faults('2.001610', { oath: false })).toEqual(['not-a-choice /form/oath'])
  })

  test('numbers have their form: personal numbers, tax codes, telephones', () => {
    const requester = Object(rows.get('2.000635')?.example['requester'])
    expect(faults('2.000635', { requester: { ...requester, personalId: '00119001234' } })).toEqual([
      'wrong-format /form/requester/personalId',
    ])
    expect(faults('2.000635', { requester: { ...requester, phone: '12345' } })).toEqual([
      'wrong-format /form/requester/phone',
    ])
  })
})

describe('broken forms are refused', () => {
  const generic = files['generic'] as { schema: Record<string, unknown>; example: Record<string, unknown> } // as shipped
  const codes = (schema: Record<string, unknown>, example: Record<string, unknown> = generic.example) =>
    readForms({ shared: files['shared'], broken: { schema: { ...generic.schema, ...schema }, example } }).findings.map(
      (one) => one.code,
    )

  test('an example that does not satisfy its schema', () => {
    expect(codes({}, {})).toContain('example-invalid')
  })

  test('an open object, an unbounded text or list, a property without its names', () => {
    expect(codes({ additionalProperties: true })).toContain('form-open')
    const property = (schema: Record<string, unknown>) =>
      codes({ properties: { ...Object(generic.schema['properties']), extra: schema } })
    expect(property({ title: 'a', 'x-title-en': 'b', type: 'string' })).toEqual(['form-unbounded'])
    expect(property({ title: 'a', 'x-title-en': 'b', type: 'array', items: true })).toEqual(['form-unbounded'])
    expect(property({ type: 'boolean' })).toEqual(['form-untitled'])
  })

  test('a part that nobody shares', () => {
    expect(
      codes({
        properties: {
          ...Object(generic.schema['properties']),
          who: { title: 'a', 'x-title-en': 'b', $ref: '#/$defs/nobody' },
        },
      }),
    ).toContain('part-missing')
  })
})
