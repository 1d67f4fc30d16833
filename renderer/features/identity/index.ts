/**
 * identity: as whom I appear. One list of choices (my profiles, and a random name made for one connection) wherever a
 * profile is about to be shown to somebody. Start at `appearing.ts`.
 */
export { anotherName, asParams, INCOGNITO, NOBODY, shownAs, whoICanBe } from './appearing.ts'
export type { Appearing, Suggested } from './appearing.ts'
export { incognitoLead, profileChoices } from './choices.tsx'
export { BioField } from './BioField.tsx'
export { bioSize, LONGEST_BIO } from './bio.ts'
export { IdentityList } from './IdentityList.tsx'
export { PictureField } from './PictureField.tsx'
