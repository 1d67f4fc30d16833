/** What the reader of codes takes and gives. No DOM: the worker, the tests and the bench use the same. */

/** Four bytes a pixel, line by line, as `ImageData` has them. */
export interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray<ArrayBuffer>
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** One code in a picture. */
export interface CodeFound {
  readonly text: string
  /** In pixels of the picture, in turn around the code. */
  readonly corners: readonly Point[]
}

/**
 * How much trouble a picture is worth. `glance`: a frame of a camera, dark on light only. `look`: also light on dark, and
 * without the noise. `calm`: also softened instead, for codes whose modules are dots. `study`: a picture
 * that somebody chose, of which there is no next frame.
 */
export type Effort = 'glance' | 'look' | 'calm' | 'study'

/** Why a picture was not looked at, or not to the end. */
export type PictureProblem = 'too-large' | 'too-long' | 'unreadable'

export type PictureRead =
  | { readonly ok: true; readonly codes: readonly CodeFound[] }
  | { readonly ok: false; readonly problem: PictureProblem }
