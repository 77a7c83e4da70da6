/** A slip as the reference shows it. Persons are made up. */
export const slipExamples = {
  apology: {
    form: 'apology',
    formNumber: '04',
    code: 'LOCAL.00082-261123-0001',
    sequence: 4,
    issuedAt: '2026-11-25T10:00:00.000+07:00',
    unit: { id: '00082-2025', name: { vi: 'Phường Cửa Nam', en: 'Cua Nam Ward' } },
    signer: 'Phạm Văn Thụ Lý',
    procedure: {
      code: '1.012812',
      version: 1,
      name: { vi: 'Hòa giải tranh chấp đất đai', en: 'Conciliation of land disputes' },
    },
    owner: {
      type: 'citizen',
      name: 'Nguyễn Thị Lan',
      identifier: '001190000001',
      phone: '0900000001',
      email: null,
      address: null,
    },
    progress: 'https://api.example.gov.vn/v1/dossiers/LOCAL.00082-261123-0001/progress?secret=K7QM',
    receivedAt: '2026-11-23T09:05:00.000+07:00',
    originalDueAt: '2026-12-07T17:00:00+07:00',
    newDueAt: '2026-12-10T17:00:00+07:00',
    cause: 'unit',
    reason: 'Cần thêm thời gian xác minh hồ sơ tại đơn vị khác.',
  },
}
