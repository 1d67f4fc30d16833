/**
 * i18n: every word of the window comes from here. Areas are files `en/<area>.json` with full keys
 * (`"newChat.copied"`); a value is the ICU text, or `{ "text", "note" }` where a translator needs a hint.
 * `t('newChat.copied', { count })` is typed by the merged catalogue. Start at `catalogue.ts`.
 */
export { messageKeys, sourceText } from './catalogue.ts'
export type { MessageKey } from './catalogue.ts'
export { setLanguage, t, translate } from './translate.ts'
export type { Values } from './translate.ts'
export { deleteWords, pendingState, pendingTitle, shortName, staleState } from './connection-words.ts'
export { lineErrors, stoppedAt } from './relay-words.ts'
export { errorText } from './errors.ts'
export { dayName, fullTime, listTime, clockTime } from './times.ts'
