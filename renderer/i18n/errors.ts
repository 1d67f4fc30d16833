/** Errors of the contract in words: what happened, what is safe, what to do. The code picks the sentence. */
import { translate } from './translate.ts'

export function errorText(error: { code: string; message?: string }): string {
  return translate(`error.${error.code}`) ?? error.message ?? translate('error.INTERNAL') ?? error.code
}
