/**
 * The focus is always on something. What held it may go: a row that was deleted, the button that opened a dialog, a whole
 * screen; whoever works by keyboard, or has the screen read to them, would begin anew at the top of the page.
 */

/** Others come first: a dialog that gives the focus back, a pane that takes it. */
const AFTER_OTHERS_MS = 50
/** The parts of the window that have a place of their own for it. */
const REGIONS = 'main, aside, section, nav'

/** What lies over the window for a while, and gives the focus back. */
const OVER = '[role="dialog"], [role="alertdialog"], [role="menu"]'

interface Held {
  element: Element
  region: Element | null
}

export function followFocus(): void {
  let held: Held | null = null
  /** The last that held it in the window itself. */
  let below: Held | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  const lost = (): boolean => document.activeElement === document.body && held?.element.isConnected === false
  const look = (): void => {
    if (!lost()) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (lost()) takeFocus(held?.region)
    }, AFTER_OTHERS_MS)
  }
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element)) return
    const [from, opener] = [held, below]
    held = { element: target, region: target.closest(REGIONS) }
    if (target.closest(OVER)) return
    below = held
    // what opened the dialog is gone: it was given to whatever held it long before, which is a button of the rail
    const back = from?.element.closest(OVER) != null
    if (back && opener?.element.isConnected === false && target.closest('nav')) takeFocus(opener.region)
  })
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true })
}

/** Puts it where work goes on: in the open dialog, in the part of the window where it was, else in the chat, list or panel. */
export function takeFocus(region: Element | null = null): void {
  const dialog = openDialog()
  if (dialog) return dialog.focus()
  const main = document.querySelector('main')
  const list = document.querySelector('[role="listbox"]')
  for (const place of [region, main?.querySelector('[data-focus-home]') ? main : list, main]) {
    const home = place?.isConnected ? homeIn(place) : null
    if (home === null) continue
    home.focus({ preventScroll: true })
    return
  }
}

/** For who asked for a screen: its field or its heading. Answers how to want it no more. */
export function askFocusOfMain(): () => void {
  const main = document.querySelector('main')
  // most screens take it by themselves
  if (main === null || main.contains(document.activeElement)) return () => undefined
  const timer = setTimeout(() => {
    if (!openDialog()) homeIn(main)?.focus({ preventScroll: true })
  }, AFTER_OTHERS_MS)
  return () => clearTimeout(timer)
}

/** The topmost; one that fades away is closed. */
function openDialog(): HTMLElement | undefined {
  const open = ':is([role="dialog"], [role="alertdialog"]):not([data-closed])'
  return [...document.querySelectorAll<HTMLElement>(open)].at(-1)
}

/** The field in which one writes, the row that is current, the heading. */
function homeIn(place: Element): HTMLElement | null {
  const home = ['[data-focus-home]', '[role="option"][tabindex="0"]', 'h1, h2']
    .map((selector) => place.querySelector<HTMLElement>(selector))
    .find((element) => element?.checkVisibility())
  if (home === undefined || home === null) return null
  if (home.tabIndex < 0) home.tabIndex = -1
  return home
}
