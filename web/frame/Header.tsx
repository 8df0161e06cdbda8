import { useNavigate } from '@tanstack/react-router'
import { BookOpenText, ChevronsUpDown, CircleUserRound, LogOut, Monitor, Moon, Plus, Search, Sun } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Bell } from '../approvals/Bell.tsx'
import { chooseTheme, THEMES, theme } from '../theme.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { buttonLook } from '../ui/button.ts'
import { Menu, MenuItem, MenuLine, MenuPick } from '../ui/Menu.tsx'
import { LANGUAGE_NAMES, LANGUAGES } from '../words/language.ts'
import { choose, spoken } from '../words/words.ts'
import { useLogout, useSwitch } from './leave.ts'
import { useMe, useWorkspace } from './me.ts'
import { NewWorkspace } from './NewWorkspace.tsx'
import { useSignal } from './signals.ts'

const LOOKS = { dark: <Moon aria-hidden />, light: <Sun aria-hidden />, system: <Monitor aria-hidden /> }

/** What stands over every screen: where one is, search, and oneself. */
export function Header({ onSearch }: { onSearch: () => void }) {
  const { t } = useTranslation()
  const mac = /mac|iphone|ipad/i.test(navigator.userAgent)
  return (
    <header className="glass sticky top-0 z-20 flex h-14 items-center gap-2 border-b border-line px-3 sm:px-6">
      <WorkspaceMenu />
      <div className="flex-1" />
      <button
        type="button"
        onClick={onSearch}
        aria-keyshortcuts="Control+K Meta+K"
        className="flex h-9 items-center gap-2.5 rounded-lg border border-line px-2.5 text-sm text-muted transition-colors hover:bg-hover hover:text-text md:w-64"
      >
        <Search aria-hidden className="size-4" />
        <span className="flex-1 truncate text-left max-md:sr-only">{t('frame.find')}</span>
        <kbd className="hidden rounded-md border border-line px-1.5 text-[0.6875rem] leading-5 md:inline">
          {mac ? '⌘K' : 'Ctrl K'}
        </kbd>
      </button>
      <Bell />
      <ThemeMenu />
      <UserMenu />
    </header>
  )
}

function WorkspaceMenu() {
  const { t } = useTranslation()
  const { workspaces, mayCreateWorkspaces } = useMe()
  const workspace = useWorkspace()
  const [making, setMaking] = useState(false)
  const enter = useSwitch()
  const name = workspace?.name ?? t('frame.noWorkspace')
  const trigger = (
    <button
      type="button"
      className="flex h-10 min-w-0 items-center gap-2.5 rounded-lg px-1.5 transition-colors hover:bg-hover data-popup-open:bg-hover"
    >
      <Avatar name={name} seed={workspace?.id ?? ''} square className="size-7 text-[0.6875rem]" />
      <span className="sr-only">{t('frame.workspaceNow')}</span>
      <span className="max-w-[38vw] truncate text-sm font-medium md:max-w-72" dir="auto">
        {name}
      </span>
      <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-muted" />
    </button>
  )
  return (
    <>
      <Menu trigger={trigger} align="start">
        {workspaces.length > 0 && (
          <MenuPick
            label={t('frame.workspaces')}
            value={workspace?.id ?? ''}
            choices={workspaces.map(one => ({
              value: one.id,
              label: one.name,
              icon: <Avatar name={one.name} seed={one.id} square className="size-6 text-[0.625rem]" />,
            }))}
            onChange={enter}
          />
        )}
        {mayCreateWorkspaces && (
          <>
            <MenuLine />
            <MenuItem icon={<Plus aria-hidden />} onSelect={() => setMaking(true)}>
              {t('frame.newWorkspace')}
            </MenuItem>
          </>
        )}
      </Menu>
      <NewWorkspace open={making} onClose={() => setMaking(false)} />
    </>
  )
}

function ThemeMenu() {
  const { t } = useTranslation()
  const look = useSignal(theme)
  const trigger = (
    <button
      type="button"
      aria-label={t('frame.theme')}
      className={buttonLook({ variant: 'quiet', size: 'icon', className: 'max-sm:hidden [&_svg]:size-[1.125rem]' })}
    >
      {LOOKS[look]}
    </button>
  )
  return (
    <Menu trigger={trigger}>
      <MenuPick
        label={t('frame.theme')}
        value={look}
        choices={THEMES.map(value => ({ value, label: t(`frame.${value}`), icon: LOOKS[value] }))}
        onChange={chooseTheme}
      />
    </Menu>
  )
}

function UserMenu() {
  const { t } = useTranslation()
  const { user } = useMe()
  const navigate = useNavigate()
  const look = useSignal(theme)
  const leave = useLogout()
  const trigger = (
    <button type="button" className="rounded-full">
      <span className="sr-only">{t('frame.you', { name: user.name })}</span>
      <Avatar name={user.name} seed={user.id} className="size-8" />
    </button>
  )
  return (
    <Menu trigger={trigger}>
      <div className="grid gap-0.5 px-2.5 pt-2 pb-2.5">
        <span className="truncate font-medium" dir="auto">
          {user.name}
        </span>
        <span className="truncate text-xs text-muted">{user.email}</span>
      </div>
      <MenuLine />
      <MenuItem icon={<CircleUserRound aria-hidden />} onSelect={() => navigate({ to: '/settings/profile' })}>
        {t('places.profile')}
      </MenuItem>
      <MenuItem icon={<BookOpenText aria-hidden />} onSelect={() => navigate({ to: '/api/docs' })}>
        {t('places.reference')}
      </MenuItem>
      <MenuLine />
      <MenuPick
        label={t('frame.language')}
        value={spoken()}
        choices={LANGUAGES.map(value => ({ value, label: LANGUAGE_NAMES[value] }))}
        onChange={choose}
      />
      <MenuPick
        label={t('frame.theme')}
        value={look}
        choices={THEMES.map(value => ({ value, label: t(`frame.${value}`), icon: LOOKS[value] }))}
        onChange={chooseTheme}
      />
      <MenuLine />
      <MenuItem icon={<LogOut aria-hidden />} onSelect={leave}>
        {t('frame.signOut')}
      </MenuItem>
    </Menu>
  )
}
