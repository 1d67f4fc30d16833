import { app, BrowserWindow, Menu, type WebContents } from 'electron'
import { type MenuDeed, menuEntries, type MenuEntry, menuWordsOf } from './menu-entries.ts'

/**
 * The menu of the secondary button and the menu key, in every page, wherever the page has none of its own. Answers what
 * takes the words of the page; anything else is refused.
 */
export function serveContextMenu(): (words: unknown) => void {
  let words = menuWordsOf(null)
  app.on('web-contents-created', (_created, contents) => {
    contents.on('context-menu', (_event, place) => {
      const window = BrowserWindow.fromWebContents(contents)
      const entries = words === null ? [] : menuEntries(place, words)
      if (window !== null && entries.length > 0)
        menuOf(contents, entries).popup({ window, x: place.x, y: place.y })
    })
  })
  return (given) => {
    const told = menuWordsOf(given)
    if (told === null) throw new Error('not the words of a menu')
    words = told
  }
}

function menuOf(contents: WebContents, entries: readonly MenuEntry[]): Menu {
  return Menu.buildFromTemplate(
    entries.map((entry) =>
      entry === 'line'
        ? { type: 'separator' }
        : { label: entry.label, enabled: entry.enabled, click: () => carryOut(contents, entry.deed) },
    ),
  )
}

function carryOut(contents: WebContents, deed: MenuDeed): void {
  switch (deed.do) {
    case 'cut':
      return contents.cut()
    case 'copy':
      return contents.copy()
    case 'paste':
      return contents.paste()
    case 'selectAll':
      return contents.selectAll()
    case 'replace':
      return contents.replaceMisspelling(deed.word)
    case 'learn':
      // in a file of the data folder
      return void contents.session.addWordToSpellCheckerDictionary(deed.word)
    case 'nothing':
      return
  }
}
