import { BrowserWindow, Menu, type WebContents } from 'electron'
import { type MenuDeed, menuEntries, menuWordsOf } from './menu-entries.ts'

export interface ContextMenu {
  /** What the page says that its words are; anything else is refused. */
  say(words: unknown): void
  attach(contents: WebContents): void
}

/** The menu of the secondary button and the menu key, wherever the page has none of its own. */
export function createContextMenu(): ContextMenu {
  let words = menuWordsOf(null)
  return {
    say(given) {
      const told = menuWordsOf(given)
      if (told === null) throw new Error('not the words of a menu')
      words = told
    },
    attach(contents) {
      contents.on('context-menu', (_event, place) => {
        const window = BrowserWindow.fromWebContents(contents)
        const entries = words === null ? [] : menuEntries(place, words)
        if (window === null || entries.length === 0) return
        const menu = Menu.buildFromTemplate(
          entries.map((entry) =>
            entry === 'line'
              ? { type: 'separator' }
              : { label: entry.label, enabled: entry.enabled, click: () => carryOut(contents, entry.deed) },
          ),
        )
        menu.popup({ window, x: place.x, y: place.y })
      })
    },
  }
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
