const offset = 7 * 3_600_000

/** RFC 3339 with Viet Nam's fixed offset, to the millisecond: `2026-11-22T09:00:00.000+07:00`. */
export const localTime = (at: Date): string => new Date(at.getTime() + offset).toISOString().replace('Z', '+07:00')

/** The civil date in Viet Nam, `YYYY-MM-DD`. */
export const localDate = (at: Date): string => localTime(at).slice(0, 10)
