import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Download, Moon, Search, Sun } from 'lucide-react'
import { useDeferredValue, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Brand } from '../frame/Mark.tsx'
import { useSignal } from '../frame/signals.ts'
import { Title } from '../frame/Title.tsx'
import { Again } from '../frame/Trouble.tsx'
import { Waiting } from '../frame/Waiting.tsx'
import { keep } from '../keep.ts'
import { chooseTheme, theme } from '../theme.ts'
import { Badge } from '../ui/Badge.tsx'
import { buttonLook } from '../ui/button.ts'
import { Code } from '../ui/Copy.tsx'
import { Empty } from '../ui/Empty.tsx'
import { Input } from '../ui/Input.tsx'
import { Segments } from '../ui/Segments.tsx'
import { CallCard } from './CallCard.tsx'
import { type Reference as Book, byTag, type Call, found, referenceOf } from './openapi.ts'
import { Prose } from './Prose.tsx'

/** The description of the API, for those who write programs; strangers may read it too. */
export function Reference() {
  const { t } = useTranslation()
  const look = useSignal(theme)
  const book = useQuery({
    queryKey: ['openapi'],
    queryFn: async () => referenceOf(await (await fetch('/api/openapi.json')).json()),
    staleTime: Number.POSITIVE_INFINITY,
  })
  useEffect(() => keep('reference', 'read'), [])
  return (
    <div className="min-h-dvh">
      <Title>{t('reference.title')}</Title>
      <header className="glass sticky top-0 z-20 flex h-14 items-center gap-3 border-b border-line px-4 sm:px-8">
        <Link to="/" aria-label={t('frame.toHome')} className="flex items-center gap-3 rounded-lg">
          <Brand bare />
        </Link>
        <span className="truncate text-sm font-semibold">{t('reference.title')}</span>
        {book.data && <Badge tone="quiet">{book.data.version}</Badge>}
        <div className="flex-1" />
        <Segments
          bare
          label={t('frame.theme')}
          value={look === 'light' ? 'light' : 'dark'}
          choices={[
            { value: 'dark', label: t('frame.dark'), icon: <Moon aria-hidden /> },
            { value: 'light', label: t('frame.light'), icon: <Sun aria-hidden /> },
          ]}
          onChange={chooseTheme}
        />
        <Link to="/" className={buttonLook({ size: 'small', className: 'max-sm:hidden' })}>
          {t('reference.toApp')}
        </Link>
      </header>
      <main className="mx-auto max-w-6xl px-4 py-8 sm:px-8">
        {book.isPending && <Waiting />}
        {book.error && <Again error={book.error} onAgain={() => void book.refetch()} />}
        {book.data && <Pages book={book.data} />}
      </main>
    </div>
  )
}

function Pages({ book }: { book: Book }) {
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  const shown = byTag(found(book.calls, useDeferredValue(search)))
  return (
    <div className="grid gap-8 lg:grid-cols-[14rem_minmax(0,1fr)] lg:gap-12">
      <aside className="grid content-start gap-5 lg:sticky lg:top-22 lg:max-h-[calc(100dvh-7rem)]">
        <search className="relative">
          <Search aria-hidden className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted" />
          <Input
            type="search"
            aria-label={t('reference.search')}
            placeholder={t('reference.search')}
            value={search}
            onChange={event => setSearch(event.target.value)}
            className="pl-9"
          />
        </search>
        <nav aria-label={t('reference.areas')} className="flex gap-1 overflow-x-auto lg:grid lg:overflow-y-auto">
          {shown.map(([tag, calls]) => (
            <a
              key={tag}
              href={`#${tag}`}
              className="flex h-8 items-center justify-between gap-3 rounded-lg px-2.5 text-sm font-medium whitespace-nowrap text-muted hover:bg-hover hover:text-text"
            >
              {tag}
              <span className="text-xs tabular-nums">{calls.length}</span>
            </a>
          ))}
        </nav>
      </aside>
      <div className="grid min-w-0 content-start gap-10">
        <Intro about={book.about} />
        {shown.length === 0 && (
          <div className="card">
            <Empty icon={<Search />} title={t('reference.nothing')}>
              {t('reference.nothingAbout')}
            </Empty>
          </div>
        )}
        {shown.map(([tag, calls]) => (
          <Area key={tag} tag={tag} calls={calls} book={book} />
        ))}
      </div>
    </div>
  )
}

function Intro({ about }: { about: string }) {
  const { t } = useTranslation()
  return (
    <div className="grid gap-4">
      <h1 className="text-2xl">{t('reference.title')}</h1>
      <p className="max-w-2xl text-muted">
        <Prose text={about || t('reference.about')} />
      </p>
      <div className="flex flex-wrap gap-2.5">
        <a href="/api/openapi.json" download="openapi.json" className={buttonLook({ size: 'small' })}>
          <Download aria-hidden className="size-4" />
          OpenAPI 3.1
        </a>
        <Link to="/settings/keys" className={buttonLook({ size: 'small' })}>
          {t('reference.key')}
        </Link>
      </div>
      <Code
        label={t('reference.first')}
        text={`curl '${location.origin}/api/me' \\\n  -H "Authorization: Bearer $PROMPTPILOT_API_KEY"`}
      />
    </div>
  )
}

function Area({ tag, calls, book }: { tag: string; calls: Call[]; book: Book }) {
  return (
    <section id={tag} aria-label={tag} className="grid scroll-mt-20 gap-3">
      <h2 className="text-lg">{tag}</h2>
      {calls.map(call => (
        <CallCard key={call.id} call={call} schemas={book.schemas} />
      ))}
    </section>
  )
}
