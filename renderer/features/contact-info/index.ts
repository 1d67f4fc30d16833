/** contact-info: one person: names, as whom I appear to them, how we met, their address, the end. Start at `ContactInfo.tsx`. */
export { ContactInfo } from './ContactInfo.tsx'
