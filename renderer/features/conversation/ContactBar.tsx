import { useState } from 'react'
import { Ellipsis, Info, PencilLine, Shield, ShieldCheck, Trash2, TriangleAlert } from 'lucide-react'
import type { Contact } from '#core/contract'
import { t } from '../../i18n/index.ts'
import { hasEnded, useRouter, useStore } from '../../state/index.ts'
import { Avatar, Chip, Icon, IconButton, Menu, PaneBar, VerifiedMark } from '../../ui/index.ts'
import { DeleteContact } from './DeleteContact.tsx'
import { RenameDialog } from './RenameDialog.tsx'

/** Who it is, as whom I appear, and what can be done about the contact itself. */
export function ContactBar({ contact }: { contact: Contact }) {
  const router = useRouter()
  const me = useStore((state) => state.profile)
  const [dialog, setDialog] = useState<'rename' | 'delete' | null>(null)
  const incognito = contact.incognitoProfile
  const { info } = router.state
  const appear = incognito?.displayName ?? me?.displayName ?? ''
  const own = contact.profile.displayName
  const over = hasEnded(contact)
  const close = (): void => setDialog(null)
  return (
    <>
      <PaneBar
        lead={
          <Avatar
            seed={contact.contactId}
            name={contact.name}
            image={contact.profile.image}
            size={36}
            incognito={incognito ? 'contact' : undefined}
          />
        }
        title={contact.name}
        aside={contact.localName !== null && contact.localName !== own ? own : null}
        mark={contact.verifiedAt !== null && <VerifiedMark label={t('verify.mark')} />}
        sub={
          incognito ? (
            <Chip tone="incognito">
              {t(over ? 'conversation.incognito.ended' : 'conversation.incognito', { name: appear })}
            </Chip>
          ) : (
            t(
              over
                ? 'conversation.appeared'
                : contact.status === 'connecting'
                  ? 'conversation.connecting'
                  : 'conversation.appear',
              {
                name: appear,
              },
            )
          )
        }
        onBack={() => router.openRow(null)}
        actions={
          <>
            {!over && <ShieldButton contact={contact} />}
            <IconButton
              label={t('conversation.info')}
              data-testid="open-info"
              aria-expanded={info}
              data-opens="info"
              onClick={() => router.toggleInfo()}
            >
              <Icon of={Info} />
            </IconButton>
            <Menu
              trigger={
                <IconButton label={t('conversation.menu')}>
                  <Icon of={Ellipsis} />
                </IconButton>
              }
              items={[
                {
                  id: 'rename',
                  label: t('conversation.rename'),
                  icon: <Icon of={PencilLine} />,
                  onPress: () => setDialog('rename'),
                },
                { id: 'line', divider: true },
                {
                  id: 'delete',
                  label: t(over ? 'conversation.deleteChat' : 'conversation.delete'),
                  icon: <Icon of={Trash2} />,
                  tone: 'danger',
                  onPress: () => setDialog('delete'),
                },
              ]}
            />
          </>
        }
      />
      {dialog === 'rename' && <RenameDialog contact={contact} onClose={close} />}
      {dialog === 'delete' && <DeleteContact contact={contact} onClose={close} />}
    </>
  )
}

const shields = { verified: ShieldCheck, unverified: Shield, changed: TriangleAlert } as const

/** The way to the security code, and how far it was compared. */
function ShieldButton({ contact }: { contact: Contact }) {
  const router = useRouter()
  const { verifiedAt, codeChangedAt } = contact
  const state = verifiedAt !== null ? 'verified' : codeChangedAt !== null ? 'changed' : 'unverified'
  return (
    <IconButton
      label={t(`verify.open.${state}`)}
      data-testid="open-verify"
      data-state={state}
      data-opens="verify"
      onClick={() => router.toggleVerify(true)}
    >
      <Icon of={shields[state]} />
    </IconButton>
  )
}
