import { useNavigate } from '@tanstack/react-router'
import { Building2, KeyRound, Languages, LogOut, Moon, Sun, UserPlus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { createKey, invite } from '#workspaces/contract.ts'
import { chooseTheme, theme } from '../theme.ts'
import { LANGUAGE_NAMES } from '../words/language.ts'
import { choose, spoken } from '../words/words.ts'
import { useLogout, useSwitch } from './leave.ts'
import { useMe, useWhy } from './me.ts'
import { RAIL, REFERENCE, SETTINGS } from './places.tsx'
import { useSignal } from './signals.ts'

/** One thing the palette can do; `also` are words it is found by. */
export type Action = { label: string; icon: ReactNode; also?: string; run: () => void }

/** Everything the palette offers, in groups. */
export function useActions(): { value: string; items: Action[] }[] {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { workspaces, workspace } = useMe()
  const enter = useSwitch()
  const leave = useLogout()
  const look = useSignal(theme)
  const mayInvite = useWhy(invite) === undefined
  const mayMakeKeys = useWhy(createKey) === undefined
  const other = spoken() === 'en' ? 'de' : 'en'
  const places = [...RAIL.filter(place => place.to !== '/settings'), ...SETTINGS, REFERENCE]
  const groups = [
    {
      value: t('palette.goTo'),
      items: places.map(({ to, word, icon }) => ({
        label: t(`places.${word}`),
        icon,
        also: to,
        run: () => void navigate({ to }),
      })),
    },
    {
      value: t('palette.do'),
      items: [
        ...(mayMakeKeys
          ? [
              {
                label: t('keys.new'),
                icon: <KeyRound aria-hidden />,
                also: 'api token',
                run: () => void navigate({ to: '/settings/keys', search: { open: 'new' } }),
              },
            ]
          : []),
        ...(mayInvite
          ? [
              {
                label: t('members.invite'),
                icon: <UserPlus aria-hidden />,
                also: 'invite',
                run: () => void navigate({ to: '/settings/members', search: { open: 'invite' } }),
              },
            ]
          : []),
        look === 'light'
          ? { label: t('palette.dark'), icon: <Moon aria-hidden />, also: 'theme', run: () => chooseTheme('dark') }
          : { label: t('palette.light'), icon: <Sun aria-hidden />, also: 'theme', run: () => chooseTheme('light') },
        {
          label: t('palette.speak', { language: LANGUAGE_NAMES[other] }),
          icon: <Languages aria-hidden />,
          also: 'language sprache',
          run: () => void choose(other),
        },
        { label: t('frame.signOut'), icon: <LogOut aria-hidden />, also: 'log out', run: () => void leave() },
      ],
    },
    {
      value: t('palette.switch'),
      items: workspaces
        .filter(one => one.id !== workspace)
        .map(one => ({ label: one.name, icon: <Building2 aria-hidden />, run: () => void enter(one.id) })),
    },
  ]
  return groups.filter(group => group.items.length > 0)
}
