/** The system as its own settings call themselves. */
export function systemName(): 'mac' | 'windows' | 'linux' {
  const agent = navigator.userAgent
  if (/mac/i.test(agent)) return 'mac'
  return /windows/i.test(agent) ? 'windows' : 'linux'
}
