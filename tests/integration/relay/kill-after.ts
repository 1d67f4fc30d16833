import { watchStatements } from './statements.ts'

/* Loaded by `node --import` in front of a relay that has to die at the n-th statement of its database. */

let left = Number(process.env['DUPLEX_TEST_STATEMENTS'])
watchStatements(() => {
  if (--left < 0) process.kill(process.pid, 'SIGKILL')
})
