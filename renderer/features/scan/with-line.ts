/** The text of a field of many lines with one more; a line that stands there already is not put twice. */
export function withLine(text: string, line: string): string {
  const lines = text.split('\n').filter((one) => one.trim() !== '')
  return [...lines.filter((one) => one.trim() !== line), line].join('\n')
}
