import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import jsQR from 'jsqr'
import { prepareDecoder, readCodes } from '../../renderer/features/scan/decode/decoder.ts'
import { LOOKS } from '../../renderer/features/scan/decode/limits.ts'
import { atMost } from '../../renderer/features/scan/decode/scale.ts'
import {
  conditions,
  emptySample,
  linkLengths,
  linkText,
  makeSample,
  screenshot,
  type Frame,
  type LinkLength,
} from './qr/corpus.ts'
import { seeded, type Pixels } from './qr/pixels.ts'
import { machine, quantile } from './samples.ts'

/*
 * The reader of codes against jsQR alone, over the same pictures: seventeen conditions, two lengths of link, two sizes of
 * frame, made from a seed. `duplex` is one look of the camera at the frame as it is, `camera` all the looks that it takes in
 * half a second. Single thread, as in the worker of the window. goals.md P12.
 */

const frames: readonly Frame[] = [
  { width: 640, height: 480 },
  { width: 1_280, height: 720 },
]
/** Pictures of each cell; jsQR takes seconds for large ones without a code, so it gets fewer of those. */
const FULL = { count: 30, slowCount: 10, empty: 60 }
const SMALL: typeof FULL = { count: 3, slowCount: 1, empty: 10 }
/** Looks a second while somebody aims. goals.md P12 */
const LOOKS_A_SECOND = 15

interface Cell {
  decoder: string
  frame: string
  length: LinkLength
  condition: string
  read: number
  of: number
  wrong: number
  times: number[]
}

type Decode = (pixels: Pixels) => Promise<readonly string[]>

const decoders: Record<string, Decode> = {
  duplex: async (pixels) => (await readCodes(pixels, 'look')).map(({ text }) => text),
  async camera(pixels) {
    const texts: string[] = []
    for (const { effort, side } of LOOKS)
      texts.push(...(await readCodes(atMost(pixels, side).small, effort)).map(({ text }) => text))
    return texts
  },
  jsqr: ({ data, width, height }) => {
    const code = jsQR(data, width, height)
    return Promise.resolve(code === null ? [] : [code.data])
  },
}

export async function prepareBenchDecoder(): Promise<void> {
  const file = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
  await prepareDecoder(new Uint8Array(readFileSync(file)).buffer)
}

export async function benchQr(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { small: { type: 'boolean' }, json: { type: 'string' } } })
  const sizes = values.small === true ? SMALL : FULL
  await prepareBenchDecoder()
  const cells: Cell[] = []
  for (const frame of frames)
    for (const length of Object.keys(linkLengths) as LinkLength[])
      for (const condition of conditions) {
        cells.push(...(await measureCell(frame, length, condition, sizes)))
        // the whole takes ten minutes, most of it jsQR's
        console.error(`${nameOf(frame)} ${length} ${condition}: done`)
      }
  const aiming = await measureEmpty(sizes.empty)
  const report = {
    machine: machine(),
    sizes,
    rates: summary(cells),
    conditions: byCondition(cells),
    ...aiming,
  }
  console.log(tables(report))
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
}

async function measureCell(
  frame: Frame,
  length: LinkLength,
  condition: (typeof conditions)[number],
  sizes: typeof FULL,
): Promise<Cell[]> {
  const made = Object.keys(decoders).map((decoder): Cell => {
    return { decoder, frame: nameOf(frame), length, condition, read: 0, of: 0, wrong: 0, times: [] }
  })
  for (let seed = 1; seed <= sizes.count; seed += 1) {
    const sample = makeSample(condition, length, frame, seed)
    for (const cell of made) {
      if (cell.decoder === 'jsqr' && frame !== frames[0] && seed > sizes.slowCount) continue
      const started = performance.now()
      const texts = await decoders[cell.decoder]!(sample.pixels)
      cell.times.push(performance.now() - started)
      cell.of += 1
      // any code of the picture counts: which one of several is the person's choice
      if (texts.some((text) => sample.texts.includes(text))) cell.read += 1
      cell.wrong += texts.filter((text) => !sample.texts.includes(text)).length
    }
  }
  return made
}

/** What aiming costs: no code in view, the looks in turns, as the scanner takes them. */
async function measureEmpty(
  count: number,
): Promise<{ aiming: Record<string, number>; screenshotMs: number }> {
  const large = emptySample(frames[1]!, 2)
  const looks = LOOKS.map(({ effort, side }) => ({ effort, pixels: atMost(large, side).small }))
  const spent = { looks: looks.map((): number[] => []), jsqr: [] as number[] }
  for (let at = 0; at < count; at += 1) {
    for (const [turn, { effort, pixels }] of looks.entries())
      spent.looks[turn]!.push(await timed(() => readCodes(pixels, effort)))
    if (at % 10 === 0) spent.jsqr.push(await timed(() => decoders['jsqr']!(emptySample(frames[0]!, at))))
  }
  const each = spent.looks.map((times) => quantile(times, 0.5)!)
  const mean = each.reduce((sum, ms) => sum + ms, 0) / each.length
  const grab = screenshot(linkText(linkLengths.short, seeded(3)), 3)
  return {
    aiming: {
      meanMs: mean,
      longestMs: Math.max(...each),
      shareOfCore: (mean * LOOKS_A_SECOND) / 1_000,
      jsqrMs: quantile(spent.jsqr, 0.5)!,
    },
    screenshotMs: await timed(() => readCodes(grab, 'study')),
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

const nameOf = ({ width, height }: Frame): string => `${width}x${height}`

interface Rate {
  what: string
  rate: number
  median: number
  p95: number
  wrong: number
  frames: number
}

function summary(cells: readonly Cell[]): Rate[] {
  const names = [...new Set(cells.map(groupOf))]
  return names.map((what) => {
    const own = cells.filter((cell) => groupOf(cell) === what)
    const sum = (pick: (cell: Cell) => number): number => own.reduce((all, cell) => all + pick(cell), 0)
    const times = own.flatMap((cell) => cell.times)
    return {
      what,
      rate: sum((cell) => cell.read) / sum((cell) => cell.of),
      median: quantile(times, 0.5),
      p95: quantile(times, 0.95),
      wrong: sum((cell) => cell.wrong),
      frames: times.length,
    }
  })
}

const groupOf = ({ frame, length, decoder }: Cell): string => `${frame} ${length} ${decoder}`

function byCondition(cells: readonly Cell[]): Record<string, Record<string, string>> {
  return Object.fromEntries(
    conditions.map((condition) => [
      condition,
      Object.fromEntries(
        cells
          .filter((cell) => cell.condition === condition)
          .map((cell) => [groupOf(cell), `${cell.read}/${cell.of}`]),
      ),
    ]),
  )
}

interface Report {
  rates: Rate[]
  conditions: Record<string, Record<string, string>>
  aiming: Record<string, number>
  screenshotMs: number
}

function tables({ rates, conditions: cells, aiming, screenshotMs }: Report): string {
  const groups = rates.map(({ what }) => what)
  const lines = rates.map(({ what, rate, median, p95, wrong, frames: count }) =>
    [
      what.padEnd(24),
      `${(rate * 100).toFixed(1)} %`.padStart(8),
      `${median.toFixed(1)} ms`.padStart(10),
      `${p95.toFixed(1)} ms`.padStart(10),
      `${wrong} wrong`.padStart(9),
      `${count} frames`,
    ].join('  '),
  )
  const ratio = (frame: string, length: string): string => {
    const rate = (decoder: string): number =>
      rates.find(({ what }) => what === `${frame} ${length} ${decoder}`)!.rate
    return `${frame} ${length}: ${(rate('duplex') / rate('jsqr')).toFixed(2)} times as many read as jsQR (goal 1.4)`
  }
  return [
    `${''.padEnd(24)}  ${'read'.padStart(8)}  ${'median'.padStart(10)}  ${'95 %'.padStart(10)}`,
    ...lines,
    '',
    ...['640x480', '1280x720'].flatMap((frame) => ['short', 'long'].map((length) => ratio(frame, length))),
    `aiming with no code: ${aiming['meanMs']!.toFixed(1)} ms a look, ${aiming['longestMs']!.toFixed(1)} the longest, ${(aiming['shareOfCore']! * 100).toFixed(1)} % of a core at ${LOOKS_A_SECOND} looks a second (goal 15 %); jsQR ${aiming['jsqrMs']!.toFixed(0)} ms at 640x480`,
    `a code of 150 pixels in a screen of 3840x2160: ${screenshotMs.toFixed(0)} ms`,
    '',
    'read, by condition:',
    ...Object.entries(cells).map(
      ([condition, row]) =>
        `${condition.padEnd(15)} ${groups.map((group) => `${group} ${row[group]}`).join('   ')}`,
    ),
  ].join('\n')
}
