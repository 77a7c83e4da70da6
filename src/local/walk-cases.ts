import { personaNamed } from './personas.ts'
import type { Paper, ScanForm } from './scan.ts'
import { demoUnits } from './settings.ts'

type Scanned = { paper: Paper } & ScanForm

/** What is handed in for one component. */
export type Proof =
  | ({ component: string } & Scanned)
  | { component: string; source: string }
  | { component: string; presented: true }

/** One dossier of the walk: who hands in what, where, and what comes of it. */
export type Case = {
  /** Name of the file that the certified copy is saved under. */
  file: string
  title: string
  procedure: string
  level: string
  /** `app`, a citizen, or a reception officer who takes it in at the counter. */
  by: string
  /** The persona whose dossier it is. */
  applicant: 'citizen' | 'citizen2' | 'company'
  place: string | null
  receivingPoint: string
  channel: 'online' | 'direct'
  /** Changes to the form that the catalogue gives as an example. */
  form: Record<string, unknown>
  proofs: Proof[]
  /** The unit that must decide, and what it issues on paper. */
  unit: string
  result: Scanned
  /** The officer asks for better papers, and these are they. */
  supplement?: { reason: string; proofs: Proof[] }
  /** A first try that the reception does not accept. */
  rejected?: { reason: string; legalBasis: string }
  takenOver?: { system: string; code: string; unit: string; receivedAt: string }
}

const { cuaNam, baDinh, finance, health } = demoUnits

const nameOf = (persona: Case['applicant']) => personaNamed(persona)?.name ?? persona
const idOf = (persona: Case['applicant']) => {
  const found = personaNamed(persona)
  return found?.kind === 'citizen' ? (found.personalId ?? found.taxCode ?? '') : ''
}
const an = nameOf('citizen')
const thu = nameOf('citizen2')
const company = nameOf('company')

const today = new Intl.DateTimeFormat('vi', {
  timeZone: 'Asia/Ho_Chi_Minh',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
})
  .formatToParts(new Date())
  .reduce<Record<string, string>>((parts, { type, value }) => ({ ...parts, [type]: value }), {})
const dated = (place: string) => `${place}, ngày ${today['day']} tháng ${today['month']} năm ${today['year']}`

const ward = (name: string): Pick<Paper, 'authority' | 'place' | 'signer'> => ({
  authority: ['ỦY BAN NHÂN DÂN', `PHƯỜNG ${name.toLocaleUpperCase('vi')}`],
  place: dated(name),
  signer: { office: 'CHỦ TỊCH', name: 'Người Ký Mẫu' },
})
const department = (name: string, head: string): Pick<Paper, 'authority' | 'place' | 'signer'> => ({
  authority: ['ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI', name.toLocaleUpperCase('vi')],
  place: dated('Hà Nội'),
  signer: { office: head, name: 'Người Ký Mẫu' },
})
const privately = (who: string, office: string): Pick<Paper, 'authority' | 'place' | 'signer'> => ({
  authority: [who.toLocaleUpperCase('vi'), ''],
  place: dated('Hà Nội'),
  signer: { office, name: 'Người Ký Mẫu' },
})

const home = { line: 'Số 12 ngõ 5 phố Mẫu', commune: 'Phường Cửa Nam', province: 'Thành phố Hà Nội' }

const birthNotification = (form: ScanForm): Proof => ({
  component: 'birth-notification',
  ...form,
  paper: {
    ...privately('Bệnh viện Mẫu', 'BÁC SĨ'),
    title: 'GIẤY CHỨNG SINH',
    number: '000001/2026',
    rows: [
      ['Họ tên mẹ:', an],
      ['Số định danh:', idOf('citizen')],
      ['Đã sinh con lúc:', '06 giờ 45, ngày 10/11/2026'],
      ['Giới tính của con:', 'Nam'],
      ['Cân nặng:', '3.200 g'],
    ],
  },
})

const housePapers = (owner: string): Proof[] => [
  {
    component: 'land-use',
    as: 'pdf',
    paper: {
      ...department('Văn phòng đăng ký đất đai', 'GIÁM ĐỐC'),
      title: 'GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT',
      number: 'AA 00000001',
      rows: [
        ['Người sử dụng đất:', owner],
        ['Thửa đất số:', '123, tờ bản đồ số 45'],
        ['Địa chỉ:', 'Số 8 ngõ 2 phố Thí Dụ'],
        ['Diện tích:', '60,5 m²'],
        ['Mục đích sử dụng:', 'Đất ở tại đô thị'],
      ],
    },
  },
  {
    component: 'design-drawings',
    as: 'pdf',
    paper: {
      ...privately('Công ty Cổ phần Thiết kế Ví Dụ', 'CHỦ TRÌ THIẾT KẾ'),
      title: 'BẢN VẼ THIẾT KẾ XÂY DỰNG',
      rows: [
        ['Công trình:', 'Nhà ở riêng lẻ, cấp IV'],
        ['Chủ đầu tư:', owner],
        ['Diện tích xây dựng:', '48 m² tầng 1; tổng 192 m² sàn'],
      ],
      plan: true,
    },
  },
]

const permit = (owner: string, number: string): Scanned => ({
  as: 'pdf',
  paper: {
    ...ward('Cửa Nam'),
    title: 'GIẤY PHÉP XÂY DỰNG',
    number,
    rows: [
      ['Cấp cho:', owner],
      ['Được phép xây dựng:', 'Nhà ở riêng lẻ, 04 tầng'],
      ['Trên thửa đất:', 'Số 123, tờ bản đồ số 45'],
      ['Tổng diện tích sàn:', '192 m²'],
      ['Chiều cao công trình:', '14,5 m'],
    ],
  },
})

const clinic = (component: string, title: string, rows: Paper['rows']): Proof => ({
  component,
  as: 'pdf',
  paper: { ...privately(company, 'GIÁM ĐỐC'), title, rows },
})

/** The six procedures of the walk, and the dossier that a district left behind. All persons, papers and numbers are invented. */
export const cases: Case[] = [
  {
    file: '1-giay-khai-sinh',
    title: 'Đăng ký khai sinh · A child is born',
    procedure: '1.001193',
    level: 'cấp xã · commune',
    by: 'app',
    applicant: 'citizen',
    place: cuaNam,
    receivingPoint: 'online',
    channel: 'online',
    form: {
      requester: { fullName: an, personalId: idOf('citizen'), residence: home, phone: '0900000001' },
      mother: {
        fullName: an,
        birthYear: 1990,
        ethnicity: 'Kinh',
        nationality: 'Việt Nam',
        personalId: idOf('citizen'),
      },
    },
    proofs: [
      birthNotification({ as: 'jpeg', blurred: true }),
      { component: 'residence', source: 'population-database' },
      { component: 'identity', presented: true },
    ],
    supplement: {
      reason: 'Bản chụp giấy chứng sinh bị mờ, không đọc được số và ngày sinh. Đề nghị chụp lại.',
      proofs: [birthNotification({ as: 'jpeg' })],
    },
    unit: cuaNam,
    result: {
      as: 'pdf',
      paper: {
        ...ward('Cửa Nam'),
        title: 'GIẤY KHAI SINH',
        number: '01/2026',
        rows: [
          ['Họ, chữ đệm, tên:', 'TRẦN MINH KHÔI'],
          ['Ngày, tháng, năm sinh:', '10/11/2026'],
          ['Giới tính:', 'Nam'],
          ['Nơi sinh:', 'Bệnh viện Mẫu, phường Cửa Nam'],
          ['Họ, chữ đệm, tên người mẹ:', an],
          ['Họ, chữ đệm, tên người cha:', 'Trần Văn Bình'],
        ],
      },
    },
  },
  {
    file: '2-ban-sao-bang-tot-nghiep',
    title: 'Chứng thực bản sao · A diploma is certified at the counter',
    procedure: '2.000815',
    level: 'cấp xã, nơi nào cũng được · any commune',
    by: `reception@${baDinh}`,
    applicant: 'citizen2',
    place: baDinh,
    receivingPoint: baDinh,
    channel: 'direct',
    form: { requester: { fullName: thu, personalId: idOf('citizen2'), residence: home, phone: '0900000002' } },
    proofs: [{ component: 'original', presented: true }],
    unit: baDinh,
    result: {
      as: 'png',
      paper: {
        ...privately('Trường Đại học Ví Dụ', 'HIỆU TRƯỞNG'),
        title: 'BẰNG TỐT NGHIỆP ĐẠI HỌC',
        number: 'ĐH 012345',
        rows: [
          ['Cấp cho:', thu],
          ['Ngày sinh:', '02/03/1985'],
          ['Ngành:', 'Kỹ thuật phần mềm'],
          ['Xếp loại tốt nghiệp:', 'Khá'],
          ['Hình thức đào tạo:', 'Chính quy'],
        ],
      },
    },
  },
  {
    file: '3-giay-chung-nhan-ket-hon',
    title: 'Đăng ký kết hôn · Two people marry',
    procedure: '1.000894',
    level: 'cấp xã · commune',
    by: 'citizen',
    applicant: 'citizen',
    place: baDinh,
    receivingPoint: 'online',
    channel: 'online',
    form: {},
    proofs: [
      { component: 'identity', presented: true },
      { component: 'residence', source: 'population-database' },
      { component: 'marital-status', source: 'civil-status-database' },
    ],
    unit: baDinh,
    result: {
      as: 'jpeg',
      paper: {
        ...ward('Ba Đình'),
        title: 'GIẤY CHỨNG NHẬN KẾT HÔN',
        number: '07/2026',
        rows: [
          ['Họ, chữ đệm, tên vợ:', an],
          ['Số định danh:', idOf('citizen')],
          ['Họ, chữ đệm, tên chồng:', 'Phạm Quốc Anh'],
          ['Nơi đăng ký kết hôn:', 'UBND phường Ba Đình, thành phố Hà Nội'],
        ],
      },
    },
  },
  {
    file: '4-giay-phep-xay-dung',
    title: 'Giấy phép xây dựng · A house, handed in at another ward',
    procedure: '1.013225',
    level: 'cấp xã từ 01/07/2025 · commune since July 2025',
    by: `reception@${baDinh}`,
    applicant: 'citizen',
    place: cuaNam,
    receivingPoint: baDinh,
    channel: 'direct',
    form: { owner: { name: an, personalId: idOf('citizen'), address: home, phone: '0900000001' } },
    proofs: housePapers(an),
    unit: cuaNam,
    result: permit(an, '15/GPXD'),
  },
  {
    file: '5-dang-ky-doanh-nghiep',
    title: 'Doanh nghiệp tư nhân · A bakery is founded',
    procedure: '2.001610',
    level: 'cấp thành phố · city department',
    by: 'app',
    applicant: 'citizen2',
    place: null,
    receivingPoint: 'online',
    channel: 'online',
    form: {},
    proofs: [
      {
        component: 'owner-identity',
        as: 'jpeg',
        paper: {
          ...privately('Cơ quan cấp mẫu', 'CỤC TRƯỞNG'),
          title: 'THẺ CĂN CƯỚC',
          rows: [
            ['Số định danh:', idOf('citizen2')],
            ['Họ, chữ đệm, tên:', thu],
          ],
        },
      },
    ],
    unit: finance,
    result: {
      as: 'pdf',
      paper: {
        ...department('Sở Tài chính', 'TRƯỞNG PHÒNG ĐĂNG KÝ KINH DOANH'),
        title: 'GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP',
        number: '0000000000',
        rows: [
          ['Tên doanh nghiệp:', 'DNTN BÁNH MÌ VÍ DỤ'],
          ['Địa chỉ trụ sở:', 'Số 15 đường Thử Nghiệm, phường Ba Đình'],
          ['Vốn đầu tư:', '500.000.000 đồng'],
          ['Chủ doanh nghiệp:', thu],
        ],
      },
    },
  },
  {
    file: '6-giay-phep-kham-chua-benh',
    title: 'Giấy phép khám bệnh, chữa bệnh · A clinic, refused at first',
    procedure: '1.012278',
    level: 'cấp thành phố · city department',
    by: 'app',
    applicant: 'company',
    place: null,
    receivingPoint: 'online',
    channel: 'online',
    form: {},
    proofs: [
      clinic('facilities', 'BẢN KÊ KHAI CƠ SỞ VẬT CHẤT, THIẾT BỊ, NHÂN SỰ', [
        ['Phòng khám:', '03'],
        ['Máy siêu âm:', '01'],
        ['Điều dưỡng:', '02'],
      ]),
      clinic('practitioners', 'DANH SÁCH NGƯỜI HÀNH NGHỀ', [
        ['1.', 'Ngô Thanh Tâm, bác sĩ'],
        ['2.', 'Lý Thị Ví Dụ, điều dưỡng'],
      ]),
      clinic('techniques', 'DANH MỤC CHUYÊN MÔN KỸ THUẬT', [
        ['1.', 'Khám nhi khoa'],
        ['2.', 'Siêu âm ổ bụng'],
      ]),
    ],
    rejected: {
      reason:
        'Người chịu trách nhiệm chuyên môn chưa đủ thời gian hành nghề theo quy định; hồ sơ không thuộc diện bổ sung.',
      legalBasis: 'Luật Khám bệnh, chữa bệnh 2023, Điều 49',
    },
    unit: health,
    result: {
      as: 'pdf',
      paper: {
        ...department('Sở Y tế', 'GIÁM ĐỐC'),
        title: 'GIẤY PHÉP HOẠT ĐỘNG KHÁM BỆNH, CHỮA BỆNH',
        number: '00001/HNO-GPHĐ',
        rows: [
          ['Tên cơ sở:', 'Phòng khám chuyên khoa Nhi Ví Dụ'],
          ['Địa chỉ:', 'Số 101 đường Thử Nghiệm, phường Cầu Giấy'],
          ['Chủ cơ sở:', company],
          ['Người phụ trách chuyên môn:', 'Ngô Thanh Tâm'],
        ],
      },
    },
  },
  {
    file: '7-giay-phep-xay-dung-quan-hoan-kiem',
    title: 'Hồ sơ quận Hoàn Kiếm · What the district left behind',
    procedure: '1.013225',
    level: 'nộp ở quận tháng 6/2025, quận đã giải thể · lodged with a district that is gone',
    by: 'app',
    applicant: 'citizen2',
    place: '00082-0',
    receivingPoint: 'online',
    channel: 'online',
    form: { owner: { name: thu, personalId: idOf('citizen2'), address: home, phone: '0900000002' } },
    proofs: housePapers(thu),
    takenOver: {
      system: 'mot-cua-hoan-kiem',
      code: '002-250610-0042',
      unit: '002-0',
      receivedAt: '2025-06-10T09:15:00+07:00',
    },
    unit: cuaNam,
    result: permit(thu, '16/GPXD'),
  },
]
