/** What Electron loads before the app, where a test starts it. */
const { app, Notification } = require('electron')

/*
 * The window opens when Playwright has looked and says so, as it does with a loader of its own where it starts Electron by
 * its npm package. A page that is on its way when it first looks it may never see arrive.
 */
const ready = app.whenReady()
const told = new Promise((resolve) => {
  // the name by which Playwright calls it
  globalThis.__playwright_run = resolve
})
app.whenReady = () => told.then(() => ready)

/* Titles of the notifications raised; they are shown all the same. */
globalThis.raised = []
const show = Notification.prototype.show
Notification.prototype.show = function () {
  globalThis.raised.push(this.title)
  show.call(this)
}
