import { localDate } from '../platform/time.ts'
import { personaNamed } from './personas.ts'
import type { Paper, ScanForm } from './scan.ts'

/** A paper, and how it was scanned. */
export type Scanned = { paper: Paper } & ScanForm

/** What is handed in for one component. */
export type Proof =
  | ({ component: string } & Scanned)
  | { component: string; source: string }
  | { component: string; presented: true }

function person(persona: string): { name: string; id: string } {
  const found = personaNamed(persona)
  if (found?.kind !== 'citizen') throw new Error(`the personas have no ${persona}`)
  return { name: found.name, id: found.personalId ?? found.taxCode ?? '' }
}

/** The people of the walk, all of them invented. */
export const people = { citizen: person('citizen'), citizen2: person('citizen2'), company: person('company') }

type Head = Pick<Paper, 'authority' | 'place' | 'signer'>

const [year, month, day] = localDate(new Date()).split('-')
const head = (above: string, below: string, place: string, office: string): Head => ({
  authority: [above.toLocaleUpperCase('vi'), below.toLocaleUpperCase('vi')],
  place: `${place}, ngày ${day} tháng ${month} năm ${year}`,
  signer: { office, name: 'Người Ký Mẫu' },
})
const ward = (name: string) => head('Ủy ban nhân dân', `phường ${name}`, name, 'CHỦ TỊCH')
const department = (name: string, office: string) => head('Ủy ban nhân dân thành phố Hà Nội', name, 'Hà Nội', office)
const body = (name: string, office: string) => head(name, '', 'Hà Nội', office)

const { citizen, citizen2, company } = people

export const birthNotification = (form: ScanForm): Proof => ({
  component: 'birth-notification',
  ...form,
  paper: {
    ...body('Bệnh viện Mẫu', 'BÁC SĨ'),
    title: 'GIẤY CHỨNG SINH',
    number: '000001/2026',
    rows: [
      ['Họ tên mẹ:', citizen.name],
      ['Số định danh:', citizen.id],
      ['Đã sinh con lúc:', '06 giờ 45, ngày 10/11/2026'],
      ['Giới tính của con:', 'Nam'],
      ['Cân nặng:', '3.200 g'],
    ],
  },
})

export const birthCertificate: Scanned = {
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
      ['Họ, chữ đệm, tên người mẹ:', citizen.name],
      ['Họ, chữ đệm, tên người cha:', 'Trần Văn Bình'],
    ],
  },
}

export const diploma: Scanned = {
  as: 'png',
  paper: {
    ...body('Trường Đại học Ví Dụ', 'HIỆU TRƯỞNG'),
    title: 'BẰNG TỐT NGHIỆP ĐẠI HỌC',
    number: 'ĐH 012345',
    rows: [
      ['Cấp cho:', citizen2.name],
      ['Ngày sinh:', '02/03/1985'],
      ['Ngành:', 'Kỹ thuật phần mềm'],
      ['Xếp loại tốt nghiệp:', 'Khá'],
      ['Hình thức đào tạo:', 'Chính quy'],
    ],
  },
}

export const marriageCertificate: Scanned = {
  as: 'jpeg',
  paper: {
    ...ward('Ba Đình'),
    title: 'GIẤY CHỨNG NHẬN KẾT HÔN',
    number: '07/2026',
    rows: [
      ['Họ, chữ đệm, tên vợ:', citizen.name],
      ['Số định danh:', citizen.id],
      ['Họ, chữ đệm, tên chồng:', 'Phạm Quốc Anh'],
      ['Nơi đăng ký kết hôn:', 'UBND phường Ba Đình, thành phố Hà Nội'],
    ],
  },
}

export const housePapers = (owner: string): Proof[] => [
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
      ...body('Công ty Cổ phần Thiết kế Ví Dụ', 'CHỦ TRÌ THIẾT KẾ'),
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

export const buildingPermit = (owner: string, number: string): Scanned => ({
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

export const identityCard: Proof = {
  component: 'owner-identity',
  as: 'jpeg',
  paper: {
    ...body('Cơ quan cấp mẫu', 'CỤC TRƯỞNG'),
    title: 'THẺ CĂN CƯỚC',
    rows: [
      ['Số định danh:', citizen2.id],
      ['Họ, chữ đệm, tên:', citizen2.name],
    ],
  },
}

export const enterpriseCertificate: Scanned = {
  as: 'pdf',
  paper: {
    ...department('Sở Tài chính', 'TRƯỞNG PHÒNG ĐĂNG KÝ KINH DOANH'),
    title: 'GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP',
    number: '0000000000',
    rows: [
      ['Tên doanh nghiệp:', 'DNTN BÁNH MÌ VÍ DỤ'],
      ['Địa chỉ trụ sở:', 'Số 15 đường Thử Nghiệm, phường Ba Đình'],
      ['Vốn đầu tư:', '500.000.000 đồng'],
      ['Chủ doanh nghiệp:', citizen2.name],
    ],
  },
}

const ofClinic = (component: string, title: string, rows: Paper['rows']): Proof => ({
  component,
  as: 'pdf',
  paper: { ...body(company.name, 'GIÁM ĐỐC'), title, rows },
})

export const clinicPapers: Proof[] = [
  ofClinic('facilities', 'BẢN KÊ KHAI CƠ SỞ VẬT CHẤT, THIẾT BỊ, NHÂN SỰ', [
    ['Phòng khám:', '03'],
    ['Máy siêu âm:', '01'],
    ['Điều dưỡng:', '02'],
  ]),
  ofClinic('practitioners', 'DANH SÁCH NGƯỜI HÀNH NGHỀ', [
    ['1.', 'Ngô Thanh Tâm, bác sĩ'],
    ['2.', 'Lý Thị Ví Dụ, điều dưỡng'],
  ]),
  ofClinic('techniques', 'DANH MỤC CHUYÊN MÔN KỸ THUẬT', [
    ['1.', 'Khám nhi khoa'],
    ['2.', 'Siêu âm ổ bụng'],
  ]),
]

export const clinicLicence: Scanned = {
  as: 'pdf',
  paper: {
    ...department('Sở Y tế', 'GIÁM ĐỐC'),
    title: 'GIẤY PHÉP HOẠT ĐỘNG KHÁM BỆNH, CHỮA BỆNH',
    number: '00001/HNO-GPHĐ',
    rows: [
      ['Tên cơ sở:', 'Phòng khám chuyên khoa Nhi Ví Dụ'],
      ['Địa chỉ:', 'Số 101 đường Thử Nghiệm, phường Cầu Giấy'],
      ['Chủ cơ sở:', company.name],
      ['Người phụ trách chuyên môn:', 'Ngô Thanh Tâm'],
    ],
  },
}

/** An original that somebody shows at a counter. */
export const degree: Paper = {
  ...body('Trường Đại học Mẫu', 'HIỆU TRƯỞNG'),
  title: 'Bằng tốt nghiệp đại học',
  number: 'MAU-2019-0042',
  rows: [
    ['Cấp cho:', citizen.name],
    ['Ngành:', 'Kỹ thuật xây dựng'],
    ['Xếp loại:', 'Khá'],
    ['Năm tốt nghiệp:', '2019'],
  ],
}
