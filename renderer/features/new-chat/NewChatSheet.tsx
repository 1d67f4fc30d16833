import { useCallback, useEffect, useState } from 'react'
import { QrCode, Ticket } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { useHost, useRouter, useViewModel } from '../../state/index.ts'
import type { NewChatTab } from '../../state/index.ts'
import { Dialog, Icon, TabList, TabPanel, Tabs, TextLink } from '../../ui/index.ts'
import { WhichOne } from '../address/index.ts'
import { CardFooter } from './CardFooter.tsx'
import { useIntake } from '../scan/index.ts'
import { ConnectTab } from './ConnectTab.tsx'
import type { Given } from './ConnectTab.tsx'
import { InvitationModel } from './invitation-model.ts'
import { InviteCard } from './InviteCard.tsx'
import { KeepOrDelete } from './KeepOrDelete.tsx'
import { SeveralCard } from './SeveralCard.tsx'
import { SeveralFooter } from './SeveralFooter.tsx'
import { SeveralModel } from './several-model.ts'
import s from './NewChatSheet.module.css'

export interface NewChatSheetProps {
  open: boolean
  tab: NewChatTab
  scan: boolean
  onClose: () => void
  /** A text that holds a link, from the Connect tab: the check of it takes the place of this sheet. */
  onConnect: (link: string) => void
}

export function NewChatSheet(props: NewChatSheetProps) {
  return props.open ? <Sheet {...props} /> : null
}

/** One opening of the sheet: its card makes at most one link, and only once it was looked at or touched (NEW-2). */
function Sheet({ tab: first, scan, onClose, onConnect }: NewChatSheetProps) {
  const host = useHost()
  const router = useRouter()
  const [model] = useState(() => new InvitationModel(host))
  const { phase, name } = useViewModel(model)
  const [tab, setTab] = useState(first)
  /** A picture or link that came while the other tab showed: the Connect tab takes it (SCN-7, SCN-8). */
  const [given, setGiven] = useState<Given | null>(null)
  const give = useCallback((what: Given) => {
    setGiven(what)
    setTab('connect')
  }, [])
  const onFiles = useCallback((files: readonly File[]) => give({ files }), [give])
  const onText = useCallback((text: string) => give({ text }), [give])
  useIntake({ onFiles, onText }, tab === 'invite')
  /** What goes on once the question about an untouched link is answered. */
  const [asked, setAsked] = useState<(() => void) | null>(null)
  useEffect(() => model.attach(), [model])

  const [several, setSeveral] = useSeveral(model)

  const leave = (goOn: () => void): void => {
    model.cancel()
    several?.cancel()
    goOn()
  }
  const close = (): void => (phase === 'unused' ? setAsked(() => onClose) : leave(onClose))
  const connect = (link: string): void => {
    const goOn = (): void => onConnect(link)
    if (phase === 'unused' && name.trim() !== '') return setAsked(() => goOn)
    // the card stood there first, but nobody asked for its link: it goes without a word
    if (phase === 'unused') void model.deleteLink().catch(() => undefined)
    leave(goOn)
  }
  const toAddress = (): void => {
    const goOn = (): void => router.openAddress()
    if (phase === 'unused' && name.trim() !== '') return setAsked(() => goOn)
    if (phase === 'unused') void model.deleteLink().catch(() => undefined)
    leave(goOn)
  }
  return (
    <Tabs<NewChatTab>
      value={tab}
      onValue={(next) => {
        setGiven(null)
        setTab(next)
      }}
    >
      <Dialog
        open
        onClose={close}
        title={t('newChat.title')}
        width="l"
        testId="new-chat-sheet"
        headerExtra={
          <TabList<NewChatTab>
            label={t('newChat.tabs')}
            tabs={[
              { value: 'invite', label: t('newChat.tab.invite'), icon: <Icon of={Ticket} size="m" /> },
              { value: 'connect', label: t('newChat.tab.connect'), icon: <Icon of={QrCode} size="m" /> },
            ]}
          />
        }
        footer={
          tab === 'invite' &&
          (several !== null || phase !== 'error') && (
            <Footer model={model} several={several} onSeveral={setSeveral} />
          )
        }
      >
        <p className={s['which']}>
          {t('address.inSheet')} <TextLink onPress={toAddress}>{t('address.title')}</TextLink>
          <WhichOne />
        </p>
        <TabPanel value="invite">
          {several ? <SeveralCard model={several} /> : <InviteCard model={model} />}
        </TabPanel>
        <TabPanel value="connect">
          <ConnectTab onConnect={connect} scan={scan} given={given} />
        </TabPanel>
        <KeepOrDelete
          open={asked !== null}
          model={model}
          onStay={() => setAsked(null)}
          onLeave={() => asked && leave(asked)}
        />
      </Dialog>
    </Tabs>
  )
}

/** *Several at once*, once it is asked for. It begins with what the card says, and takes the place of a link nobody was given. */
function useSeveral(model: InvitationModel): [SeveralModel | null, (on: boolean) => void] {
  const host = useHost()
  const [several, setSeveral] = useState<SeveralModel | null>(null)
  useEffect(() => {
    if (several === null) return
    const forget = several.attach()
    let asked = false
    const watch = several.subscribe(() => {
      if (asked || several.state.phase !== 'made' || model.state.phase !== 'unused') return
      asked = true
      void model.deleteLink().catch(() => undefined)
    })
    return () => {
      watch()
      forget()
    }
  }, [several, model])
  const set = (on: boolean): void => {
    const { name, appearing, worksFor } = model.state
    setSeveral(on ? new SeveralModel(host, { name, appearing, worksFor }) : null)
  }
  return [several, set]
}

interface FooterProps {
  model: InvitationModel
  several: SeveralModel | null
  onSeveral: (on: boolean) => void
}

/** Where no link could be made there is nothing to delete and nothing to make another of: the foot is left out. */
function Footer({ model, several, onSeveral }: FooterProps) {
  const [back, setBack] = useState(false)
  if (several)
    return (
      <SeveralFooter
        model={several}
        onBack={() => {
          setBack(true)
          onSeveral(false)
        }}
      />
    )
  return <CardFooter model={model} onSeveral={() => onSeveral(true)} fromSeveral={back} />
}
