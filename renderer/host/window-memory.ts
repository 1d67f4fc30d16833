/** Habits of one window. Storage may be forbidden; then nothing is remembered. */
const PREFIX = 'duplex.'

/** Until the window is closed: a page that is loaded anew finds it. */
export function keep(key: string, value: string): void {
  try {
    window.sessionStorage.setItem(PREFIX + key, value)
  } catch {
    // private windows may refuse
  }
}

export function kept(key: string): string | null {
  try {
    return window.sessionStorage.getItem(PREFIX + key)
  } catch {
    return null
  }
}

export function remember(key: string, value: string): void {
  try {
    window.localStorage.setItem(PREFIX + key, value)
  } catch {
    // private windows may refuse
  }
}

export function recall(key: string): string | null {
  try {
    return window.localStorage.getItem(PREFIX + key)
  } catch {
    return null
  }
}
