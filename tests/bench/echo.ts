import { createServer } from 'node:tls'
import { constants } from 'node:crypto'
import { systemClock } from '#core/base'
import { createRelayIdentity, cryptoReady, pemOf, systemRandom } from '#core/crypto'

/* What TLS alone can do here: a bare echo with the relay's own ciphers and kind of certificate, in a process of its own. */

await cryptoReady()
const identity = createRelayIdentity(systemRandom, systemClock.now())
const server = createServer(
  {
    cert: pemOf(identity.leafCertDer, 'CERTIFICATE') + pemOf(identity.caCertDer, 'CERTIFICATE'),
    key: pemOf(identity.leafKey, 'PRIVATE KEY'),
    ALPNProtocols: ['smp/1'],
    minVersion: 'TLSv1.3',
    ciphers: 'TLS_CHACHA20_POLY1305_SHA256',
    ecdhCurve: 'X25519:X448',
    sigalgs: 'ed25519:ed448',
    secureOptions: constants.SSL_OP_NO_TICKET,
  },
  (socket) => {
    socket.setNoDelay(true)
    socket.on('data', (chunk) => socket.write(chunk)).on('error', () => socket.destroy())
  },
)
server.listen(0, '127.0.0.1', () => process.send?.(server.address()))
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpu: (user + system) / 1e6, rss: process.memoryUsage.rss() })
})
process.on('disconnect', () => process.exit(0))
