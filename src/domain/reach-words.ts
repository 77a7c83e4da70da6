import type { Text } from '../platform/result.ts'
import { ASSUMED_SPEED_KMH, type Distant, farthest, reachOf } from './near.ts'
import { isApproximate } from './service-point.ts'

const distance = (metres: number, language: 'vi' | 'en') =>
  metres < 1000 ? `${metres} m` : `${(metres / 1000).toLocaleString(language, { maximumFractionDigits: 1 })} km`

/** Nothing is near enough to be looked for. */
export const nothingNear: Text = {
  vi: `Không có điểm phục vụ nào trong vòng ${farthest / 1000} km.`,
  en: `There is no service point within ${farthest / 1000} km.`,
}

/** The answer to "within 5 km or 30 minutes?" in words, with what it rests on; `name` is that of the nearest point. */
export function reachWords({ point, metres }: Distant, name: Text): Text {
  const { minutes, reached } = reachOf(metres)
  const vi = [
    `${reached ? 'Có' : 'Không có'} điểm phục vụ trong vòng 5 km hoặc 30 phút.`,
    `Gần nhất: ${name.vi}, cách ${distance(metres, 'vi')} theo đường chim bay, khoảng ${minutes} phút nếu đi ${ASSUMED_SPEED_KMH} km/giờ.`,
    'Đây là ước tính: đường đi thực tế dài hơn.',
  ]
  const en = [
    `${reached ? 'A' : 'No'} service point is within 5 km or 30 minutes.`,
    `The nearest: ${name.en}, ${distance(metres, 'en')} away in a straight line, about ${minutes} minutes at an assumed ${ASSUMED_SPEED_KMH} km/h.`,
    'This is an estimate: real ways are longer.',
  ]
  if (isApproximate(point)) {
    vi.push('Vị trí này chỉ là một điểm nằm trong địa giới, không phải địa chỉ trụ sở.')
    en.push('The place is merely a point inside the boundary, not the address of an office.')
  }
  return { vi: vi.join(' '), en: en.join(' ') }
}
