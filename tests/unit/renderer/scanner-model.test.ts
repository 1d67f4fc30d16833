import { expect, it } from 'vitest'
import type { Found } from '#core/contract'
import type { CodeFound, PictureRead } from '../../../renderer/features/scan/decode/types.ts'
import type { Purpose } from '../../../renderer/features/scan/judge.ts'
import { ScannerModel, type Reader } from '../../../renderer/features/scan/scanner-model.ts'
import type { Stage } from '../../../renderer/features/scan/stage.ts'
import { withLine } from '../../../renderer/features/scan/with-line.ts'
import { CameraError, type CameraTrouble, type Host } from '../../../renderer/host/index.ts'
import { ScriptedHost, settle } from './scripted-host.ts'

const LINK: Found = {
  kind: 'link',
  text: 'simplex:/invitation#a',
  link: { kind: 'invitation', form: 'full', relay: 'relay.example' },
}
const OTHER_LINK: Found = { ...LINK, text: 'simplex:/invitation#b' }
const CODE: Found = { kind: 'securityCode', text: '12345' }
const WEB: Found = { kind: 'other', text: 'https://example.org/', looksLike: 'web' }
const known = [LINK, OTHER_LINK, CODE, WEB]

/** A track that can be asked whether it runs. */
function camera(id: string): { stream: MediaStream; running: () => boolean; unplug: () => void } {
  let runs = true
  let ended = (): void => undefined
  const track = {
    label: '',
    stop: () => (runs = false),
    getSettings: () => ({ deviceId: id }),
    addEventListener: (_name: string, fn: () => void) => (ended = fn),
  }
  const stream = { getTracks: () => [track], getVideoTracks: () => [track] } as unknown as MediaStream
  return { stream, running: () => runs, unplug: () => ended() }
}

function aScanner(purpose: Purpose = 'link', given: { trouble?: CameraTrouble; denied?: boolean } = {}) {
  const core = new ScriptedHost().answer('link.parse', ({ text }) =>
    known.filter((one) => text.split('\n').includes(one.text)),
  )
  const memory = new Map<string, string>()
  const opened: { id: string | null; camera: ReturnType<typeof camera>; othersRan: boolean }[] = []
  const host = {
    call: core.call.bind(core),
    cameras: () =>
      Promise.resolve([
        { id: 'one', name: 'One' },
        { id: 'two', name: 'Two' },
      ]),
    onCamerasChanged: () => () => undefined,
    cameraDenied: () => Promise.resolve(given.denied === true),
    openCamera: (id: string | null) => {
      if (given.trouble !== undefined) return Promise.reject(new CameraError(given.trouble))
      const made = camera(id ?? 'one')
      opened.push({ id, camera: made, othersRan: opened.some((one) => one.camera.running()) })
      return Promise.resolve(made.stream)
    },
    facing: () => 'unknown',
    remember: (key: string, value: string) => void memory.set(key, value),
    recall: (key: string) => memory.get(key) ?? null,
  } as unknown as Host
  let codes: readonly CodeFound[] = []
  let read: PictureRead = { ok: true, codes: [] }
  let hold = false
  let giveUp = (_read: PictureRead): void => undefined
  let closed = 0
  const reader: Reader = {
    busy: false,
    warm: () => undefined,
    frame: () => Promise.resolve(codes),
    picture: () => (hold ? new Promise((resolve) => (giveUp = resolve)) : Promise.resolve(read)),
    bitmap: () => Promise.resolve(read),
    close: () => {
      closed += 1
      giveUp({ ok: false, problem: 'unreadable' })
    },
  }
  let frame: ((frame: VideoFrame) => void) | null = null
  const stage: Stage = {
    show: () => undefined,
    nextFrame: (fn) => {
      frame = fn
      return () => (frame = null)
    },
    freeze: () => undefined,
    clear: () => undefined,
  }
  const told: string[] = []
  const model = new ScannerModel(host, reader, purpose)
  model.answerWith({
    onFound: (found) => void told.push(`found ${found.text}`),
    ...(purpose === 'link' && { onOther: (text: string) => void told.push(`other ${text}`) }),
  })
  const detach = model.attach(stage)
  const asCodes = (found: readonly Found[]): CodeFound[] => found.map(({ text }) => ({ text, corners: [] }))
  return {
    model,
    told,
    opened,
    detach,
    /** The camera sees these. */
    sees: async (...found: Found[]): Promise<void> => {
      codes = asCodes(found)
      await new Promise((resolve) => setTimeout(resolve, 70)) // the gap between two looks
      frame?.({ close: () => undefined } as VideoFrame)
      await settle()
    },
    file: async (...found: Found[]): Promise<void> => {
      read = { ok: true, codes: asCodes(found) }
      await model.readFiles([new Blob()])
    },
    /** Pictures that take for ever, until the reader is closed. */
    endless: async (count: number): Promise<{ closed: () => number; over: Promise<void> }> => {
      hold = true
      const over = model.readFiles(Array.from({ length: count }, () => new Blob()))
      await settle()
      return { closed: () => closed, over }
    },
    unreadable: async (): Promise<void> => {
      read = { ok: false, problem: 'unreadable' }
      await model.readFiles([new Blob()])
    },
  }
}

it('SCN-1: a link before the camera ends the camera, then is told', async () => {
  const { model, told, opened, sees } = aScanner()
  expect(opened).toEqual([])
  await model.start()
  expect(model.state.view.tag).toBe('live')
  await sees(LINK)
  expect(model.state.view.tag).toBe('found')
  expect(opened[0]?.camera.running()).toBe(false)
  await expect.poll(() => told).toEqual([`found ${LINK.text}`])
})

it('SCN-11: leaving while the system still asks stops the camera that comes after', async () => {
  const { model, opened, detach } = aScanner()
  const started = model.start()
  detach()
  await started
  expect(opened.every(({ camera: made }) => !made.running())).toBe(true)
  expect(model.state.view.tag).toBe('idle')
})

it('SCN-4: the other camera begins after the first has ended, and is the one that opens next time', async () => {
  const { model, opened } = aScanner()
  await model.start()
  await model.choose('two')
  expect(opened.map(({ id, othersRan }) => [id, othersRan])).toEqual([
    [null, false],
    ['two', false],
  ])
  model.stop()
  await model.start()
  expect(opened[2]?.id).toBe('two')
})

it('SCN-2: a no that was given for good is not asked about again', async () => {
  const { model, opened } = aScanner('link', { denied: true })
  await model.start()
  await model.start()
  expect(model.state.view).toEqual({ tag: 'trouble', trouble: 'denied' })
  expect(opened).toEqual([])
})

it.each(['none', 'denied', 'busy', 'failed'] as const)(
  'a camera that does not come says why: %s',
  async (trouble) => {
    const { model } = aScanner('link', { trouble })
    await model.start()
    expect(model.state.view).toEqual({ tag: 'trouble', trouble })
  },
)

it('an unplugged camera says so', async () => {
  const { model, opened } = aScanner()
  await model.start()
  opened[0]?.camera.unplug()
  expect(model.state.view).toEqual({ tag: 'trouble', trouble: 'unplugged' })
})

it('several codes are offered, and the one that is picked is told', async () => {
  const { model, told, file } = aScanner()
  await file(LINK, OTHER_LINK, CODE)
  expect(model.state.view).toEqual({ tag: 'choose', found: [LINK, OTHER_LINK] })
  model.pick(OTHER_LINK)
  expect(told).toEqual([`found ${OTHER_LINK.text}`])
})

it('SCN-10: a code of another kind is said, and a link goes on past it', async () => {
  const { model, told, file, sees } = aScanner()
  await file(CODE)
  expect(model.state).toMatchObject({ view: { tag: 'idle' }, note: { tag: 'wrong', found: CODE } })
  await model.start()
  await sees(CODE)
  expect(model.state).toMatchObject({ view: { tag: 'live' }, note: { tag: 'wrong', found: CODE } })
  await sees(CODE, LINK)
  await expect.poll(() => told).toEqual([`found ${LINK.text}`])
})

it('SCN-10: for a security code, a link is the wrong kind, and so is the web', async () => {
  const { model, told, file } = aScanner('securityCode')
  await file(LINK)
  expect(model.state.note).toEqual({ tag: 'wrong', found: LINK })
  await file(WEB)
  expect(model.state.note).toEqual({ tag: 'wrong', found: WEB })
  await file(CODE)
  expect(told).toEqual([`found ${CODE.text}`])
})

it('a code of something else in a picture goes to plan I at once, before a camera only when it stays', async () => {
  const { model, told, file, sees } = aScanner()
  await file(WEB)
  expect(told).toEqual([`other ${WEB.text}`])
  await model.start()
  await sees(WEB)
  expect(told).toHaveLength(1)
  expect(model.state.view.tag).toBe('live')
})

it('a picture without a code and a file that is none are told apart', async () => {
  const { model, file, unreadable } = aScanner()
  await file()
  expect(model.state.note).toEqual({ tag: 'no-code' })
  await unreadable()
  expect(model.state.note).toEqual({ tag: 'unreadable' })
})

it('a scanned server becomes one more line, once', () => {
  expect(withLine('', 'smp://a')).toBe('smp://a')
  expect(withLine('smp://a\n\n', 'smp://b')).toBe('smp://a\nsmp://b')
  expect(withLine('smp://a', 'smp://a')).toBe('smp://a')
})

it('a picture that takes long can be cancelled: the look at it ends, and those after it are not begun', async () => {
  const { model, endless, told } = aScanner()
  const { closed, over } = await endless(3)
  expect(model.state.view).toEqual({ tag: 'reading', what: 'picture' })
  model.stop()
  await over
  expect(closed()).toBe(1)
  expect(model.state).toMatchObject({ view: { tag: 'idle' }, note: null })
  expect(told).toEqual([])
})

it('a picture after one that takes long is not kept waiting by it', async () => {
  const { model, endless, file, told } = aScanner()
  const { closed, over } = await endless(1)
  const next = file(LINK)
  await over
  expect(closed()).toBe(1)
  model.stop()
  await next
  expect(told).toEqual([])
})
