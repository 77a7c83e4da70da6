export type Reform = { id: string; on: string }
