/** Bodies that the reference shows; the tests really send them. Persons are made up. */
export const examples = {
  submission: {
    procedure: '1.004873',
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
    assistance: null,
    form: {
      requester: {
        fullName: 'Nguyễn Thị Lan',
        personalId: '001190000001',
        residence: { line: 'Số 1 phố Ví Dụ', commune: 'Phường Cửa Nam', province: 'Thành phố Hà Nội' },
      },
      relation: 'self',
      person: {
        fullName: 'Nguyễn Thị Lan',
        dateOfBirth: '1990-03-08',
        gender: 'female',
        ethnicity: 'Kinh',
        nationality: 'Việt Nam',
        personalId: '001190000001',
        residence: { line: 'Số 1 phố Ví Dụ', commune: 'Phường Cửa Nam', province: 'Thành phố Hà Nội' },
      },
      status: 'never-married',
      purpose: 'other',
      purposeText: 'Bổ túc hồ sơ xin việc',
      oath: true,
    },
    components: [{ component: 'residence', data: { source: 'population-database', at: '2026-11-23T08:55:00+07:00' } }],
    returnBy: 'account',
    force: null,
    takenOver: null,
  },
  /** One for each status that can be asked for, by name. */
  transitions: {
    accept: { value: { to: 'accepted' } },
    'not-accept': {
      value: {
        to: 'not-accepted',
        reason: 'Hồ sơ không thuộc thẩm quyền giải quyết của phường.',
        legalBasis: 'Điều 17 Nghị định 61/2018/NĐ-CP',
      },
    },
    start: { value: { to: 'processing', note: 'Chuyển bộ phận tư pháp – hộ tịch.' } },
    'request-a-supplement': {
      value: {
        to: 'awaiting-supplement',
        components: ['residence'],
        reason: 'Giấy tờ chứng minh nơi cư trú bị mờ, không đọc được.',
      },
    },
    'request-payment': { value: { to: 'awaiting-payment', copies: 1, amount: 8000 } },
    stop: {
      value: {
        to: 'stopped',
        reason: 'Chờ kết quả xác minh của cơ quan khác.',
        legalBasis: 'Thông báo số 1/TB-UBND ngày 23/11/2026',
      },
    },
    withdraw: { value: { to: 'withdrawn', reason: 'Người nộp không còn nhu cầu giải quyết.' } },
    grant: { value: { to: 'resolved', outcome: 'granted', note: 'Đã ký, chờ trả kết quả.' } },
    'grant-on-paper': {
      value: {
        to: 'resolved',
        outcome: 'granted',
        paper: { scan: 'file_01935d3c-7b2f-7c4e-9a53-0d6f6c1b2a3e', paperSeen: true },
      },
    },
    refuse: {
      value: { to: 'resolved', outcome: 'refused', reason: 'Không đủ điều kiện theo quy định của pháp luật hộ tịch.' },
    },
    recall: {
      value: { to: 'resolved', outcome: 'recalled', reason: 'Kết quả đã trả có sai sót, cần thu hồi để sửa.' },
    },
    'decide-at-once': { value: { to: 'resolved', outcome: 'granted', note: 'Giải quyết ngay trong phiên tiếp nhận.' } },
    return: { value: { to: 'returned', by: 'counter' } },
  },
  rating: { score: 5, comment: 'Nhanh, rõ ràng, cán bộ tận tình.' },
  reappointment: { date: '2026-12-10', cause: 'unit', reason: 'Cần thêm thời gian xác minh hồ sơ tại đơn vị khác.' },
  lateCause: { cause: 'other-agency', reason: 'Chờ kết quả xác minh của Công an phường.' },
  supplement: {
    components: [{ component: 'residence', data: { source: 'population-database', at: '2026-11-24T08:55:00+07:00' } }],
    note: 'Đã bổ sung theo yêu cầu.',
  },
} as const
