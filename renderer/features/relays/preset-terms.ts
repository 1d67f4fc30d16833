/** Where the operators of the preset servers publish their conditions of use. Opened only when a person asks for it. */
export const presetTerms = 'https://simplex.chat/privacy/'
