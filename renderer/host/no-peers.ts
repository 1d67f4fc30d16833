/** How a page opens connections past the content policy: to servers for STUN and TURN, and to other pages. */
const WAYS = ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCDataChannel'] as const

/**
 * Takes the ways away that no content policy of Chromium covers. A desktop window has no network at all (`lockdown.ts`); this
 * is what a page in a browser can do by itself. Must run before anything that came from outside is shown.
 */
export function closePeerWays(): void {
  for (const way of WAYS) Reflect.deleteProperty(window, way)
}
