import { useState } from 'react'
import type { Contact } from '#core/contract'
import { deleteWords, errorText, shortName, t } from '../../i18n/index.ts'
import { hasEnded, isOpen, useDeed, useServices } from '../../state/index.ts'
import { AlertDialog, Checkbox, Phrase, RadioGroup } from '../../ui/index.ts'
import s from './DeleteContact.module.css'

interface DeleteContactProps {
  contact: Contact
  onClose: () => void
}

/** What is asked depends on how far it is: still connecting (INV-7), connected (INF-4), or over and only to be read. */
export function DeleteContact(props: DeleteContactProps) {
  if (hasEnded(props.contact)) return <DeleteChat {...props} />
  return props.contact.connection ? <DeleteConnecting {...props} /> : <DeleteConnected {...props} />
}

/** Deletes, closes, and says that it is done. */
function useRemoval({ contact, onClose }: DeleteContactProps) {
  const { host, router, toasts } = useServices()
  const { busy, error, run } = useDeed()
  const remove = (how: { notify: boolean; keepChat: boolean }, done: string): void =>
    run(async () => {
      await host.call('contact.delete', { contactId: contact.contactId, ...how })
      onClose()
      if (!how.keepChat && isOpen(router, contact.rowId)) router.openRow(null)
      toasts.show({ text: done, mark: 'check' })
    })
  return { busy, problem: error && errorText(error), remove }
}

/** The four ways: the chat too, or kept to be read; with or without a word to the other side. */
function DeleteConnected({ contact, onClose }: DeleteContactProps) {
  const { busy, problem, remove } = useRemoval({ contact, onClose })
  const [chat, setChat] = useState<'delete' | 'keep'>('delete')
  const [notify, setNotify] = useState(true)
  const name = shortName(contact.name)
  return (
    <AlertDialog
      open
      onClose={onClose}
      title={<Phrase id="conversation.delete.title" name={name} />}
      problem={problem}
      testId="delete-contact"
      cancelLabel={t('conversation.delete.cancel')}
      actions={[
        {
          label: t(`conversation.delete.${chat}.confirm`, { name }),
          tone: 'destroy',
          busy,
          onPress: () =>
            remove({ notify, keepChat: chat === 'keep' }, t(`conversation.deleted.${chat}`, { name })),
        },
      ]}
    >
      <div className={s['ways']}>
        <RadioGroup
          label={t('conversation.delete.what')}
          hideLabel
          look="list"
          value={chat}
          onValue={setChat}
          options={(['delete', 'keep'] as const).map((value) => ({
            value,
            title: t(`conversation.delete.${value}`),
            help: t(`conversation.delete.${value}.help`),
          }))}
        />
        <Checkbox
          label={<Phrase id="conversation.delete.tell" name={name} />}
          help={t('conversation.delete.tell.help')}
          checked={notify}
          onChecked={setNotify}
          testId="delete-tell"
        />
        <p className={s['rest']}>{t('conversation.delete.rest', { name })}</p>
      </div>
    </AlertDialog>
  )
}

/** Nobody is connected yet: what deleting means for the link. */
function DeleteConnecting({ contact, onClose }: DeleteContactProps) {
  const { busy, problem, remove } = useRemoval({ contact, onClose })
  return (
    <AlertDialog
      open
      onClose={onClose}
      title={<Phrase id="conversation.delete.title" name={shortName(contact.name)} />}
      problem={problem}
      testId="delete-contact"
      actions={[
        {
          label: t('conversation.delete.confirm'),
          tone: 'destroy',
          busy,
          onPress: () => remove({ notify: true, keepChat: false }, t('pending.deleted.wait')),
        },
      ]}
    >
      <p>{contact.connection && t(deleteWords(contact.connection).text)}</p>
    </AlertDialog>
  )
}

/** The connection has ended before; what was kept of it goes now. */
function DeleteChat({ contact, onClose }: DeleteContactProps) {
  const { busy, problem, remove } = useRemoval({ contact, onClose })
  const name = shortName(contact.name)
  return (
    <AlertDialog
      open
      onClose={onClose}
      title={<Phrase id="conversation.deleteChat.title" name={name} />}
      problem={problem}
      testId="delete-contact"
      actions={[
        {
          label: t('conversation.deleteChat.confirm'),
          tone: 'destroy',
          busy,
          onPress: () => remove({ notify: false, keepChat: false }, t('conversation.deletedChat', { name })),
        },
      ]}
    >
      <p>{t('conversation.deleteChat.text')}</p>
    </AlertDialog>
  )
}
