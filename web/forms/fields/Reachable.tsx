import { Box, ChevronRight, Clock, Play, Repeat, Search, Variable, Workflow, Zap } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../ui/classes.ts'
import { type Twig, twigsOf } from '../branch.ts'
import { idOf } from '../data/tree.ts'
import { expressionOf, type Reach } from '../reach.ts'
import { shortOf } from '../short.ts'
import { Kind } from './Kind.tsx'

const ICONS = { node: Box, trigger: Zap, turn: Repeat, vars: Variable, execution: Play, workflow: Workflow, now: Clock }

/** What can be named, as a tree with the values last seen. A press picks a value. */
export function Reachable({ reach, onPick }: { reach: Reach; onPick: (path: (string | number)[]) => void }) {
  const { t } = useTranslation()
  const [word, setWord] = useState('')
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => new Set(reach.slice(0, 1).map(({ key }) => idOf([key]))))
  const [focused, setFocused] = useState<string | null>(null)
  const tree = useRef<HTMLDivElement>(null)
  const twigs = twigsOf(reach, opened, word)
  const current = twigs.find(one => one.id === focused) ?? twigs[0]
  const turn = ({ id }: Twig, open: boolean) =>
    setOpened(before => new Set(open ? [...before, id] : [...before].filter(one => one !== id)))
  const go = (twig: Twig | undefined) => {
    if (!twig) return
    setFocused(twig.id)
    tree.current?.querySelector<HTMLElement>(`[data-twig="${CSS.escape(twig.id)}"]`)?.focus()
  }
  const press = (event: KeyboardEvent, twig: Twig, at: number) => {
    const above = twigs.slice(0, at).findLast(one => one.depth < twig.depth)
    const acts: Record<string, () => void> = {
      ArrowDown: () => go(twigs[at + 1]),
      ArrowUp: () => go(twigs[at - 1]),
      Home: () => go(twigs[0]),
      End: () => go(twigs.at(-1)),
      ArrowRight: () => (twig.open ? go(twigs[at + 1]) : twig.spot.deeper && turn(twig, true)),
      ArrowLeft: () => (twig.open ? turn(twig, false) : go(above)),
      Enter: () => onPick(twig.spot.path),
      ' ': () => onPick(twig.spot.path),
    }
    const act = acts[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  return (
    <>
      <search className="relative block border-b border-line p-2">
        <Search aria-hidden className="pointer-events-none absolute top-1/2 left-4.5 size-3.5 -translate-y-1/2 text-muted" />
        <input
          type="search"
          aria-label={t('forms.findData')}
          placeholder={t('forms.findData')}
          value={word}
          onChange={event => setWord(event.target.value)}
          onKeyDown={event => {
            if (event.key !== 'ArrowDown') return
            event.preventDefault()
            go(twigs[0])
          }}
          className="h-8 w-full rounded-md bg-transparent pr-2 pl-8 text-sm outline-none pointer-coarse:h-10"
        />
      </search>
      {twigs.length === 0 && (
        <p className="px-3 py-6 text-center text-sm text-muted">{t(word ? 'forms.noData' : 'forms.noDataYet')}</p>
      )}
      <div
        ref={tree}
        role="tree"
        hidden={twigs.length === 0}
        aria-label={t('forms.data')}
        className="min-h-24 flex-1 overflow-y-auto p-1.5"
      >
        {twigs.map((twig, at) => (
          <Line
            key={twig.id}
            twig={twig}
            whole={word.trim() !== ''}
            current={twig === current}
            onTurn={() => turn(twig, !twig.open)}
            onPick={() => onPick(twig.spot.path)}
            onFocus={() => setFocused(twig.id)}
            onKeyDown={event => press(event, twig, at)}
          />
        ))}
      </div>
    </>
  )
}

type LineProps = {
  twig: Twig
  whole: boolean
  current: boolean
  onTurn: () => void
  onPick: () => void
  onFocus: () => void
  onKeyDown: (event: KeyboardEvent) => void
}

function Line({ twig: { id, spot, depth, open, kind }, whole, current, onTurn, onPick, onFocus, onKeyDown }: LineProps) {
  const { t } = useTranslation()
  const Icon = ICONS[kind]
  return (
    <div
      role="treeitem"
      data-twig={id}
      aria-level={depth + 1}
      aria-selected={false}
      aria-expanded={spot.deeper && !whole ? open : undefined}
      tabIndex={current ? 0 : -1}
      onFocus={onFocus}
      onKeyDown={onKeyDown}
      onClick={onPick}
      style={{ paddingInlineStart: `${depth * 0.875 + 0.25}rem` }}
      className="group flex min-h-8 cursor-pointer items-center gap-1.5 rounded-lg pr-2 text-sm hover:bg-hover pointer-coarse:min-h-11"
    >
      {spot.deeper && !whole ? (
        <button
          type="button"
          tabIndex={-1}
          aria-label={open ? t('data.close', { name: spot.name }) : t('data.open', { name: spot.name })}
          onClick={event => {
            event.stopPropagation()
            onTurn()
          }}
          className="grid size-5 shrink-0 place-items-center rounded text-muted hover:text-text pointer-coarse:size-9"
        >
          <ChevronRight aria-hidden className={classes('size-3.5 transition-transform', open && 'rotate-90')} />
        </button>
      ) : (
        <span className="w-5 shrink-0" />
      )}
      {depth === 0 && !whole ? <Icon aria-hidden className="size-3.5 shrink-0 text-accent" /> : <Kind type={spot.type} />}
      <span className="flex min-w-0 flex-1 items-baseline gap-2">
        <code className={classes('shrink-0 text-[0.8125rem]', whole && 'truncate')}>
          {whole ? expressionOf(spot.path) : spot.name}
        </code>
        <span className="truncate text-xs text-muted" dir="auto">
          {spot.last === undefined ? spot.title !== spot.name && spot.title : shortOf(spot.last)}
        </span>
      </span>
    </div>
  )
}
