import { cpus, totalmem } from 'node:os'

/** Several values for each name, taken in turns so that a slow minute of the machine hits all of them. */
export class Samples {
  readonly #values = new Map<string, { unit: string; values: number[] }>()

  add(name: string, unit: string, value: number): void {
    const entry = this.#values.get(name) ?? { unit, values: [] }
    entry.values.push(value)
    this.#values.set(name, entry)
  }

  median(name: string): number | null {
    const values = this.#values.get(name)?.values
    return values === undefined ? null : quantile(values, 0.5)
  }

  rows(): { name: string; unit: string; median: number; low: number; high: number; runs: number }[] {
    return [...this.#values].map(([name, { unit, values }]) => ({
      name,
      unit,
      median: quantile(values, 0.5),
      low: Math.min(...values),
      high: Math.max(...values),
      runs: values.length,
    }))
  }

  table(): string {
    const head = ['', 'median', 'lowest', 'highest', 'runs', 'unit']
    const lines = this.rows().map((row) => [
      row.name,
      ...[row.median, row.low, row.high].map(short),
      String(row.runs),
      row.unit,
    ])
    const widths = head.map((_, at) => Math.max(...[head, ...lines].map((line) => line[at]!.length)))
    const written = (line: string[]): string =>
      line
        .map((cell, at) => (at === 0 || at === 5 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
        .join('  ')
    return [head, ...lines].map((line) => written(line).trimEnd()).join('\n')
  }
}

export function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  if (at === 0.5 && sorted.length % 2 === 0)
    return (sorted[sorted.length / 2 - 1]! + sorted[sorted.length / 2]!) / 2
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? Number.NaN
}

function short(value: number): string {
  if (Math.abs(value) >= 1_000) return value.toFixed(0)
  return value.toPrecision(3)
}

export function machine(): Record<string, string | number> {
  const [first] = cpus()
  return {
    processor: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    openssl: process.versions.openssl,
  }
}
