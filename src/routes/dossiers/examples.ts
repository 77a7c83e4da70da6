/** Bodies that the reference shows; the tests really send them. Persons are made up. */
export const examples = {
  submission: {
    procedure: '1.012812',
    applicant: {
      type: 'citizen',
      personalId: '001190000001',
      fullName: 'Nguyễn Thị Lan',
      phone: '0900000001',
      email: 'lan@example.vn',
      address: 'Số 1 phố Ví Dụ, phường Cửa Nam, Hà Nội',
    },
    representative: null,
    place: { unit: '00082-2025' },
    receivingPoint: 'online',
    channel: 'online',
    form: { content: 'Đề nghị hòa giải tranh chấp ranh giới thửa đất.' },
    components: [],
    returnBy: 'account',
    takenOver: null,
  },
  transition: { to: 'accepted' },
  reappointment: { date: '2026-12-10', cause: 'unit', reason: 'Cần thêm thời gian xác minh hồ sơ tại đơn vị khác.' },
  supplement: { components: [], note: 'Đã bổ sung theo yêu cầu.' },
} as const
