import { type RelayAddress, parseRelayAddress } from '#core/protocol'
import { type Server, type ServerWishes, type Subject, smpServerSuite } from '../../suites/smp-server.ts'
import { aFolder, aRelay } from './setup.ts'

/* `DUPLEX_SMP_SERVER=smp://... npm run test:interop` says the same to any other server. */

async function ourServer(dataDir: string, wishes: ServerWishes): Promise<Server> {
  const relay = await aRelay({ dataDir, ...wishes })
  return {
    address: relay.address,
    async restart() {
      await relay.stop()
      return ourServer(dataDir, wishes)
    },
    setBlocked: (id, blocking) => relay.setBlocked(id, blocking),
  }
}

function theirServer(address: RelayAddress): Server {
  const no = (): never => {
    throw new Error('not ours to change')
  }
  return { address, restart: no, setBlocked: no }
}

const given = process.env['DUPLEX_SMP_SERVER']
const subject: Subject =
  given === undefined
    ? { ours: true, start: (wishes = {}) => ourServer(aFolder(), wishes) }
    : { ours: false, start: () => Promise.resolve(theirServer(parseRelayAddress(given))) }

smpServerSuite(given === undefined ? 'our relay' : 'the server of DUPLEX_SMP_SERVER', subject)
