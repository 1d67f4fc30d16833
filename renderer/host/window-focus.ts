/** Whether the person looks at this window. */
export function focused(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus()
}

export function onFocus(fn: () => void): () => void {
  window.addEventListener('focus', fn)
  return () => window.removeEventListener('focus', fn)
}
