import { useTranslation } from 'react-i18next'
import { SignIn } from '../door/SignIn.tsx'
import { queries } from '../query.ts'
import { signInAgain } from '../session.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { useMe } from './me.ts'

/** Signing in again over the screen, so that what was entered on it stays. */
export function SignInAgain() {
  const { t } = useTranslation()
  const { user } = useMe()
  const close = () => signInAgain.set(false)
  return (
    <Dialog open onClose={close} firm title={t('again.title')} about={t('again.about')}>
      <SignIn
        email={user.email}
        done={() => {
          close()
          void queries.invalidateQueries()
        }}
      />
    </Dialog>
  )
}
