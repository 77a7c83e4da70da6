import { expect, test } from 'vitest'
import { certifyingProcedure, mayNotCertify } from '../../src/domain/certifying.ts'
import { sealedUnder } from '../../src/domain/copy.ts'
import type { Competence } from '../../src/domain/procedure.ts'
import { publishedCatalogue } from '../support/catalogue.ts'

const { procedure, unit } = publishedCatalogue()
const today = '2026-11-23'
const certifying = procedure(certifyingProcedure, today)

test.each([
  ['a ward of today', '00082-2025', today, null],
  ['a ward that has ceased', '00088-0', today, 'Phường Hàng Bài không hoạt động ngày 2026-11-23.'],
  ['a ward on the eve of its first day', '00082-2025', '2025-06-30', 'Phường Cửa Nam không hoạt động ngày 2025-06-30.'],
  ['a department', 'HN-STC-2025', today, 'Danh mục thủ tục không giao Sở Tài chính chứng thực bản sao từ bản chính.'],
])('%s', (_, id, on, why) => {
  expect(mayNotCertify(unit(id), certifying, on)?.vi ?? null).toBe(why)
})

test('whom the catalogue names may, and nobody without it', () => {
  const competence: Competence = { by: 'department', unitCode: 'HN-STC' }
  const ofDepartment = { ...certifying, competence }
  expect(mayNotCertify(unit('HN-STC-2025'), ofDepartment, today)).toBeUndefined()
  expect(mayNotCertify(unit('00082-2025'), ofDepartment, today)).toBeDefined()
  expect(mayNotCertify(unit('00082-2025'), undefined, today)).toBeDefined()
})

test('for whom a copy was made is sealed with its dossier, or under the first copy of the original', () => {
  const shown = { paper: 'degree', results: [], pages: 1, fee: { amount: 2000, lines: [] }, sealedUnder: 'copy_1' }
  expect(sealedUnder({ dossier: 'one' })).toBe('one')
  expect(sealedUnder({ dossier: null, shown })).toBe('copy_1')
  expect(sealedUnder({ dossier: null })).toBeNull()
})
