import Database from 'better-sqlite3'

type Method = 'run' | 'get' | 'all'
type AnyStatement = Record<Method, (...args: unknown[]) => unknown>

/** Calls `before` ahead of every statement of every database in this process; the returned function ends that. */
export function watchStatements(before: () => void): () => void {
  const db = new Database(':memory:')
  const prototype = Object.getPrototypeOf(db.prepare('SELECT 1')) as AnyStatement
  db.close()
  const originals = { run: prototype.run, get: prototype.get, all: prototype.all }
  for (const method of Object.keys(originals) as Method[]) {
    prototype[method] = function (this: unknown, ...args: unknown[]) {
      before()
      return originals[method].apply(this, args)
    }
  }
  return () => void Object.assign(prototype, originals)
}
