import {
  Activity,
  BookOpenText,
  Building2,
  CircleUserRound,
  FileBox,
  Inbox,
  KeyRound,
  LayoutDashboard,
  LockKeyhole,
  ScrollText,
  Settings,
  ShieldCheck,
  UsersRound,
  Workflow,
} from 'lucide-react'
import type { ReactNode } from 'react'

/** A screen one can go to; its words are `places.<word>`. */
export type Place = {
  to:
    | '/home'
    | '/workflows'
    | '/executions'
    | '/approvals'
    | '/credentials'
    | '/files'
    | '/settings'
    | '/api/docs'
    | SettingsPlace['to']
  word:
    | 'home'
    | 'workflows'
    | 'executions'
    | 'approvals'
    | 'credentials'
    | 'files'
    | 'settings'
    | 'reference'
    | SettingsPlace['word']
  icon: ReactNode
}

/** A screen of the settings. */
export type SettingsPlace = {
  to:
    | '/settings/profile'
    | '/settings/security'
    | '/settings/workspace'
    | '/settings/members'
    | '/settings/keys'
    | '/settings/audit'
  word: 'profile' | 'security' | 'workspace' | 'members' | 'keys' | 'audit'
  icon: ReactNode
  of: 'you' | 'workspace'
}

/** What stands in the rail, and in the bar below on small screens. */
export const RAIL: readonly Place[] = [
  { to: '/home', word: 'home', icon: <LayoutDashboard aria-hidden /> },
  { to: '/workflows', word: 'workflows', icon: <Workflow aria-hidden /> },
  { to: '/executions', word: 'executions', icon: <Activity aria-hidden /> },
  { to: '/approvals', word: 'approvals', icon: <Inbox aria-hidden /> },
  { to: '/credentials', word: 'credentials', icon: <LockKeyhole aria-hidden /> },
  { to: '/files', word: 'files', icon: <FileBox aria-hidden /> },
  { to: '/settings', word: 'settings', icon: <Settings aria-hidden /> },
]

/** For programs and those who write them. */
export const REFERENCE: Place = { to: '/api/docs', word: 'reference', icon: <BookOpenText aria-hidden /> }

/** The screens of the settings: first one's own, then the workspace's. */
export const SETTINGS: readonly SettingsPlace[] = [
  { to: '/settings/profile', word: 'profile', icon: <CircleUserRound aria-hidden />, of: 'you' },
  { to: '/settings/security', word: 'security', icon: <ShieldCheck aria-hidden />, of: 'you' },
  { to: '/settings/workspace', word: 'workspace', icon: <Building2 aria-hidden />, of: 'workspace' },
  { to: '/settings/members', word: 'members', icon: <UsersRound aria-hidden />, of: 'workspace' },
  { to: '/settings/keys', word: 'keys', icon: <KeyRound aria-hidden />, of: 'workspace' },
  { to: '/settings/audit', word: 'audit', icon: <ScrollText aria-hidden />, of: 'workspace' },
]
