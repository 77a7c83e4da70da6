/** What spreadsheet programs need in front to read UTF-8 (U+FEFF). */
export const byteOrderMark = '\u{FEFF}'

/**
 * One record of a CSV file (RFC 4180), every field quoted. A cell that a spreadsheet would take for a formula
 * gets an apostrophe in front, so that nobody's name can run on a clerk's machine.
 */
export const csvRecord = (cells: readonly string[]): string =>
  `${cells.map((cell) => `"${(/^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`).join(',')}\r\n`
