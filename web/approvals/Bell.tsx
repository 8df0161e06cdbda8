import { Link } from '@tanstack/react-router'
import { Inbox } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { buttonLook } from '../ui/button.ts'
import { Tip } from '../ui/Tip.tsx'
import { countText, useAsked } from './useAsked.ts'

/** The way to the inbox, with how much waits there. */
export function Bell() {
  const { t } = useTranslation()
  const count = useAsked()
  return (
    <Tip text={t('places.approvals')} side="bottom">
      <Link
        to="/approvals"
        aria-label={t('approvals.waiting', { count })}
        className={buttonLook({ variant: 'quiet', size: 'icon', className: 'relative [&_svg]:size-[1.125rem]' })}
      >
        <Inbox aria-hidden />
        {count > 0 && (
          <span
            aria-hidden
            className="absolute -top-0.5 -right-0.5 grid h-4 min-w-4 place-items-center rounded-full bg-danger-solid px-1 text-[0.625rem] leading-none font-semibold text-on-danger"
          >
            {countText(count)}
          </span>
        )}
      </Link>
    </Tip>
  )
}
