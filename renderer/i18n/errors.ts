/** Errors of the contract in words: what happened, what is safe, what to do. The reason picks the sentence, else the code. */
import { translate } from './translate.ts'

export function errorText(error: { code: string; reason?: string; message?: string }): string {
  const own = error.reason === undefined ? undefined : translate(`error.reason.${error.reason}`)
  return own ?? translate(`error.${error.code}`) ?? error.message ?? translate('error.INTERNAL') ?? error.code
}
