/** What is dropped where nobody takes it is let go: a browser would leave this page for the file. */
export function ignoreStrayDrops(): void {
  const ignore = (event: DragEvent): void => {
    const inField = event.target instanceof Element && event.target.closest('input, textarea') !== null
    if (event.defaultPrevented || (inField && event.dataTransfer?.types.includes('Files') !== true)) return
    event.preventDefault()
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'none'
  }
  document.addEventListener('dragover', ignore)
  document.addEventListener('drop', ignore)
}
