/** Limits of pictures from outside. All are ours. */

/** Bytes of a picture file: a photo of a large camera is some 15 MB. */
export const MAX_PICTURE_BYTES = 40_000_000
/** Pixels of a picture: more than any camera of a phone and any screen has; four bytes each. */
export const MAX_PICTURE_PIXELS = 110_000_000
/** Side that a canvas takes in every browser of ours. */
export const MAX_PICTURE_SIDE = 32_000
/** Pixels that are looked at in all; a larger picture is made smaller first. */
export const MAX_LOOKED_PIXELS = 40_000_000
/** Bytes in which the size of a picture stands; photos keep a profile of colours and a small copy before it. */
export const HEAD_BYTES = 1_048_576
/** Milliseconds after which one picture is given up. */
export const LONGEST_STUDY = 20_000
/** Pixels that are looked at in one piece: a phone's photo (4032 x 3024); more are looked at small, then in tiles, then small again. */
export const MAX_PIECE_PIXELS = 12_200_000
/** Side of a tile, and how much it shares with the next: a code up to that size lies whole in one of them. */
export const TILE = 2_400
export const TILE_OVERLAP = 600
/** Bytes of an SVG: a code of the largest version, drawn square by square, takes 1.4 MB. */
export const MAX_SVG_BYTES = 3_000_000
/** Side in pixels at which an SVG is drawn: 177 modules of the largest code, 8 pixels each. */
export const SVG_SIDE = 1_440
/** Codes in one picture that are told apart; a page of a batch has twelve. */
export const MAX_CODES = 24
/** Longest text of a QR code: version 40, level L, digits (ISO/IEC 18004, table 7). */
export const MAX_CODE_TEXT = 7_089
/** Side to which a picture is made smaller for jsQR, which takes seconds for more. */
export const JSQR_SIDE = 1_000
/** Sides at which the package `qr` is asked: what it reads at one of them it often misses at the others. */
export const QR_SIDES = [1_600, 1_200, 800, 600] as const
/** Milliseconds that it may take for what it tries after its first try. */
export const QR_MS = 200
/** Sides to which a large picture is made smaller, against noise and against blur: chosen on photographs (core/ARCHITECTURE.md). */
export const CALM_SIDE = 1_200
export const STEEP_SIDE = 800
/** How a photograph is sharpened there: neighbours up to a 60th of its shorter side. */
export const STEEP_PART = 60
/** How a blurred picture is sharpened: neighbours up to a 160th of its shorter side, three times as steep (the bench's best). */
export const SHARPEN_PART = 160
export const SHARPEN_AMOUNT = 3
/** How a picture is softened, so that the dots of a code become squares: pixels to each side, at either size (the bench's best). */
export const SOFT_RADIUS = 2
export const SOFT_SIDE = 1_280
/** Side at which the dots of a code that fills the picture run into each other by themselves. */
export const DOTS_SIDE = 640
/** Factor by which a small frame grows in which a code was found and not read: as good as twice, for half the time. */
export const GROWN = 1.5
/** Longer side in pixels of the largest frame that grows. */
export const GROWN_UP_TO = 800

/**
 * The looks of a camera, one a frame, in turns: small and thorough, then large and quick, so that both kinds of code are seen.
 * Three of eight are calm; the large one of them costs as much as five others, and comes twice a second.
 */
export const LOOKS = [
  { effort: 'look', side: 640 },
  { effort: 'glance', side: 1_280 },
  { effort: 'calm', side: 640 },
  { effort: 'glance', side: 1_280 },
  { effort: 'look', side: 640 },
  { effort: 'glance', side: 1_280 },
  { effort: 'calm', side: 640 },
  { effort: 'calm', side: 1_280 },
] as const
