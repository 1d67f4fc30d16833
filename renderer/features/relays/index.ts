/** relays: what the first run and the settings both say of the three places where messages may wait. */
export { PresetHelp } from './PresetHelp.tsx'
