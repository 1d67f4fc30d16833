import { setTimeout as sleep } from 'node:timers/promises'
import { systemRandom } from '#core/crypto'
import { parseRelayAddress } from '#core/protocol'
import { ATTACK_TIME, type Attack, attacks } from './attacks.ts'

/* `attacker.ts ADDRESS AT_ONCE [NAME...]`: attacks until it is killed, and says every second how often. */

const [text = '', atOnce = '1', ...names] = process.argv.slice(2)
const address = parseRelayAddress(text)
const chosen: readonly [string, Attack][] = Object.entries(attacks).filter(
  ([name]) => names.length === 0 || names.includes(name),
)
const counts: Record<string, number> = {}

process.on('disconnect', () => process.exit())
// What an attack leaves behind is nobody's concern.
process.on('unhandledRejection', () => {})
process.on('uncaughtException', () => {})
setInterval(() => process.send?.({ counts }), 1_000)

async function attackOn(): Promise<never> {
  for (;;) {
    const [name, attack] = chosen[systemRandom.bytes(1)[0]! % chosen.length]!
    await Promise.race([attack(address), sleep(ATTACK_TIME + 1_000)]).catch(() => sleep(50))
    counts[name] = (counts[name] ?? 0) + 1
  }
}

for (let i = 0; i < Number(atOnce); i++) void attackOn()
