import { demoUnits } from './settings.ts'
import * as papers from './walk-papers.ts'

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
  applicant: keyof typeof papers.people
  place: string | null
  receivingPoint: string
  channel: 'online' | 'direct'
  /** Changes to the form that the catalogue gives as an example. */
  form: Record<string, unknown>
  proofs: papers.Proof[]
  /** The unit that must decide, and what it issues on paper. */
  unit: string
  result: papers.Scanned
  /** The officer asks for better papers, and these are they. */
  supplement?: { reason: string; proofs: papers.Proof[] }
  /** A first try that the reception does not accept. */
  rejected?: { reason: string; legalBasis: string }
  takenOver?: { system: string; code: string; unit: string; receivedAt: string }
}

const { cuaNam, baDinh, finance, health } = demoUnits
const { citizen, citizen2 } = papers.people
const home = { line: 'Số 12 ngõ 5 phố Mẫu', commune: 'Phường Cửa Nam', province: 'Thành phố Hà Nội' }

const online = { by: 'app', receivingPoint: 'online', channel: 'online' } as const
const atTheCounter = { by: `reception@${baDinh}`, receivingPoint: baDinh, channel: 'direct' } as const
const register = (component: string, source: string) => ({ component, source })
const shown = (component: string) => ({ component, presented: true }) as const

/** The six procedures of the walk, and the dossier that a district left behind. All persons, papers and numbers are invented. */
export const cases: Case[] = [
  {
    file: '1-giay-khai-sinh',
    title: 'Đăng ký khai sinh · A child is born',
    procedure: '1.001193',
    level: 'cấp xã · commune',
    ...online,
    applicant: 'citizen',
    place: cuaNam,
    form: {
      requester: { fullName: citizen.name, personalId: citizen.id, residence: home, phone: '0900000001' },
      mother: {
        fullName: citizen.name,
        birthYear: 1990,
        ethnicity: 'Kinh',
        nationality: 'Việt Nam',
        personalId: citizen.id,
      },
    },
    proofs: [
      papers.birthNotification({ as: 'jpeg', blurred: true }),
      register('residence', 'population-database'),
      shown('identity'),
    ],
    supplement: {
      reason: 'Bản chụp giấy chứng sinh bị mờ, không đọc được số và ngày sinh. Đề nghị chụp lại.',
      proofs: [papers.birthNotification({ as: 'jpeg' })],
    },
    unit: cuaNam,
    result: papers.birthCertificate,
  },
  {
    file: '2-ban-sao-bang-tot-nghiep',
    title: 'Chứng thực bản sao · A diploma is certified at the counter',
    procedure: '2.000815',
    level: 'cấp xã, nơi nào cũng được · any commune',
    ...atTheCounter,
    applicant: 'citizen2',
    place: baDinh,
    form: { requester: { fullName: citizen2.name, personalId: citizen2.id, residence: home, phone: '0900000002' } },
    proofs: [shown('original')],
    unit: baDinh,
    result: papers.diploma,
  },
  {
    file: '3-giay-chung-nhan-ket-hon',
    title: 'Đăng ký kết hôn · Two people marry',
    procedure: '1.000894',
    level: 'cấp xã · commune',
    ...online,
    by: 'citizen',
    applicant: 'citizen',
    place: baDinh,
    form: {},
    proofs: [
      shown('identity'),
      register('residence', 'population-database'),
      register('marital-status', 'civil-status-database'),
    ],
    unit: baDinh,
    result: papers.marriageCertificate,
  },
  {
    file: '4-giay-phep-xay-dung',
    title: 'Giấy phép xây dựng · A house, handed in at another ward',
    procedure: '1.013225',
    level: 'cấp xã từ 01/07/2025 · commune since July 2025',
    ...atTheCounter,
    applicant: 'citizen',
    place: cuaNam,
    form: { owner: { name: citizen.name, personalId: citizen.id, address: home, phone: '0900000001' } },
    proofs: papers.housePapers(citizen.name),
    unit: cuaNam,
    result: papers.buildingPermit(citizen.name, '15/GPXD'),
  },
  {
    file: '5-dang-ky-doanh-nghiep',
    title: 'Doanh nghiệp tư nhân · A bakery is founded',
    procedure: '2.001610',
    level: 'cấp thành phố · city department',
    ...online,
    applicant: 'citizen2',
    place: null,
    form: {},
    proofs: [papers.identityCard],
    unit: finance,
    result: papers.enterpriseCertificate,
  },
  {
    file: '6-giay-phep-kham-chua-benh',
    title: 'Giấy phép khám bệnh, chữa bệnh · A clinic, refused at first',
    procedure: '1.012278',
    level: 'cấp thành phố · city department',
    ...online,
    applicant: 'company',
    place: null,
    form: {},
    proofs: papers.clinicPapers,
    rejected: {
      reason:
        'Người chịu trách nhiệm chuyên môn chưa đủ thời gian hành nghề theo quy định; hồ sơ không thuộc diện bổ sung.',
      legalBasis: 'Luật Khám bệnh, chữa bệnh 2023, Điều 49',
    },
    unit: health,
    result: papers.clinicLicence,
  },
  {
    file: '7-giay-phep-xay-dung-quan-hoan-kiem',
    title: 'Hồ sơ quận Hoàn Kiếm · What the district left behind',
    procedure: '1.013225',
    level: 'nộp ở quận tháng 6/2025, quận đã giải thể · lodged with a district that is gone',
    ...online,
    applicant: 'citizen2',
    place: '00082-0',
    form: { owner: { name: citizen2.name, personalId: citizen2.id, address: home, phone: '0900000002' } },
    proofs: papers.housePapers(citizen2.name),
    takenOver: {
      system: 'mot-cua-hoan-kiem',
      code: '002-250610-0042',
      unit: '002-0',
      receivedAt: '2025-06-10T09:15:00+07:00',
    },
    unit: cuaNam,
    result: papers.buildingPermit(citizen2.name, '16/GPXD'),
  },
]
