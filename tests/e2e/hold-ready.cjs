/**
 * Loaded by Electron before the app: the window opens when Playwright has looked and says so, as it does with a loader of its
 * own where it starts Electron by its npm package. A page that is on its way when it first looks it may never see arrive.
 */
const { app } = require('electron')

const ready = app.whenReady()
const told = new Promise((resolve) => {
  // the name by which Playwright calls it
  globalThis.__playwright_run = resolve
})
app.whenReady = () => told.then(() => ready)
