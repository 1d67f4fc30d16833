import { app, dialog, type BrowserWindow } from 'electron'

export function sayDegraded(): void {
  void dialog.showMessageBox({
    type: 'info',
    message: 'Duplex runs without its own Node program',
    detail:
      'It works, but more slowly, and relays whose certificate is of the kind Ed448 cannot be reached. Installing Duplex again mends this.',
    buttons: ['Go on'],
  })
}

let failingSaid = false

export function sayFailing(window: BrowserWindow | null): void {
  if (failingSaid) return
  failingSaid = true
  const question = {
    type: 'warning' as const,
    message: 'Duplex stumbles at its start',
    detail:
      'The part that talks to relays ended several times. Your data is kept, and Duplex goes on trying once a minute. If it does not help, quit and start Duplex again.',
    buttons: ['Go on trying', 'Quit'],
    cancelId: 0,
  }
  const asked = window === null ? dialog.showMessageBox(question) : dialog.showMessageBox(window, question)
  void asked.then(({ response }) => {
    failingSaid = false
    if (response === 1) app.quit()
  })
}

export function sayStumbled(window: BrowserWindow): void {
  void dialog
    .showMessageBox(window, {
      type: 'warning',
      message: 'This window crashed twice',
      detail:
        'Your chats are safe: they are not in the window. Open it again, or quit and start Duplex again.',
      buttons: ['Open it again', 'Quit'],
      cancelId: 0,
    })
    .then(({ response }) => (response === 1 ? app.quit() : window.webContents.reload()))
}
