import { Building2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/Button.tsx'
import { Empty } from '../ui/Empty.tsx'
import { useMe } from './me.ts'
import { NewWorkspace } from './NewWorkspace.tsx'
import { Title } from './Title.tsx'

/** What a person sees who belongs to no workspace (any more). */
export function NoWorkspace() {
  const { t } = useTranslation()
  const { mayCreateWorkspaces } = useMe()
  const [making, setMaking] = useState(false)
  return (
    <div className="card">
      <Title>{t('noWorkspace.title')}</Title>
      <h1 className="sr-only">{t('noWorkspace.title')}</h1>
      <Empty
        icon={<Building2 />}
        title={t('noWorkspace.title')}
        action={
          mayCreateWorkspaces && (
            <Button variant="primary" onClick={() => setMaking(true)}>
              {t('frame.newWorkspace')}
            </Button>
          )
        }
      >
        {mayCreateWorkspaces ? t('noWorkspace.create') : t('noWorkspace.ask')}
      </Empty>
      <NewWorkspace open={making} onClose={() => setMaking(false)} />
    </div>
  )
}
