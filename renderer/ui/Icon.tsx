import type { LucideIcon } from 'lucide-react'

export type IconSize = 's' | 'm' | 'n' | 'l'

// design section 9: 24 grid drawn at 18; 14 in rows with a heavier stroke, 16 in buttons, 22 on plates
const sizes: Record<IconSize, { size: number; stroke: number }> = {
  s: { size: 14, stroke: 2 },
  m: { size: 16, stroke: 1.75 },
  n: { size: 18, stroke: 1.75 },
  l: { size: 22, stroke: 1.6 },
}

/** Always beside a word, except in rail, bars and composer; there the button carries the name. */
export function Icon({
  of: Glyph,
  size = 'n',
  className,
}: {
  of: LucideIcon
  size?: IconSize
  className?: string | undefined
}) {
  const drawn = sizes[size]
  return (
    <Glyph
      aria-hidden="true"
      size={drawn.size}
      strokeWidth={drawn.stroke}
      absoluteStrokeWidth={false}
      className={className}
    />
  )
}
