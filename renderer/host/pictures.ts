/** Pictures that leave the window: a file where the person says, the clipboard. Both hosts take PNG as a data URI. */
export interface HostPictures {
  /** `name` is without extension. False when the person chose no place. */
  savePicture(name: string, picture: string): Promise<boolean>
  copyPicture(picture: string): Promise<void>
}

export const webPictures: HostPictures = {
  savePicture(name, picture) {
    const url = URL.createObjectURL(pngOf(picture))
    const link = document.createElement('a')
    link.href = url
    link.download = `${name}.png`
    link.click()
    // the download has begun by then; without it the picture stays in memory
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
    return Promise.resolve(true)
  },
  copyPicture: (picture) => navigator.clipboard.write([new ClipboardItem({ 'image/png': pngOf(picture) })]),
}

function pngOf(picture: string): Blob {
  const base64 = picture.slice(picture.indexOf(',') + 1)
  return new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], { type: 'image/png' })
}
