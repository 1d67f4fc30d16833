const OPERATORS: readonly (readonly [domain: string, name: string])[] = [
  ['simplex.im', 'SimpleX Chat'],
  ['simplexonflux.com', 'Flux'],
]

/** Who runs a relay, by its domain; `null` for everybody else's. */
export function operatorOf(hosts: readonly string[]): string | null {
  const operator = OPERATORS.find(([domain]) =>
    hosts.some((host) => host.toLowerCase() === domain || host.toLowerCase().endsWith(`.${domain}`)),
  )
  return operator?.[1] ?? null
}
