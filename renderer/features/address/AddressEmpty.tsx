import { useState } from 'react'
import type { Ref } from 'react'
import { Signpost, Ticket } from 'lucide-react'
import { t } from '../../i18n/index.ts'
import { useRouter } from '../../state/index.ts'
import { Button, Icon } from '../../ui/index.ts'
import text from '../../styles/text.module.css'
import { WhichOne } from './Comparison.tsx'
import { CreateDialog } from './CreateDialog.tsx'
import s from './AddressPanel.module.css'

/** What an address is, in two sentences, and the way to one. */
export function AddressEmpty({ heading }: { heading: Ref<HTMLHeadingElement> }) {
  const router = useRouter()
  const [creating, setCreating] = useState(false)
  return (
    <div className={s['panel']} data-testid="addr-empty">
      <header>
        <h1 className={text['head']} tabIndex={-1} ref={heading}>
          {t('address.title')}
        </h1>
      </header>
      <div className={s['empty']}>
        <p className={text['lead']}>{t('address.empty')}</p>
        <div className={s['ways']}>
          <Button
            tone="primary"
            size="l"
            icon={<Icon of={Signpost} />}
            data-testid="addr-create"
            onClick={() => setCreating(true)}
          >
            {t('address.create')}
          </Button>
          <Button
            size="l"
            icon={<Icon of={Ticket} />}
            onClick={() => {
              router.go({ name: 'chats', rowId: null })
              router.openNewChat('invite')
            }}
          >
            {t('address.oneTime')}
          </Button>
        </div>
        <WhichOne />
      </div>
      {creating && <CreateDialog onClose={() => setCreating(false)} />}
    </div>
  )
}
