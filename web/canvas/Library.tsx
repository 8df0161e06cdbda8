import { Search, SearchX } from 'lucide-react'
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../ui/classes.ts'
import type { Block } from './catalogue.ts'
import { DRAGGED } from './dragged.ts'
import { iconOf } from './icons.ts'
import { useCatalogue } from './open.ts'
import { recentBlocks, rememberBlock } from './recent.ts'
import { isRemark, searchBlocks } from './search.ts'
import { tintOf } from './tint.ts'

const GROUPS = ['start', 'flow', 'data', 'ai', 'service'] as const

type Props = {
  onPick: (block: Block) => void
  /** Has the focus at once. */
  eager?: boolean
  /** Leaves out what starts a workflow: it cannot stand behind something. */
  without?: 'start' | undefined
}

/** Every kind of node, found by words, in groups; chosen by Enter or press, or dragged to where it is to stand. */
export function Library({ onPick, eager = false, without }: Props) {
  const { t } = useTranslation()
  const { blocks } = useCatalogue()
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const groups = useMemo(() => {
    const offered = blocks.filter(block => !isRemark(block) && !(without === 'start' && block.start !== null))
    if (query.trim() !== '') return [{ word: 'found' as const, blocks: searchBlocks(offered, query) }]
    const recent = recentBlocks().flatMap(one => offered.find(block => block.id === one) ?? [])
    const grouped = GROUPS.map(word => ({ word, blocks: offered.filter(block => block.group === word) }))
    return [{ word: 'recent' as const, blocks: recent }, ...grouped].filter(group => group.blocks.length > 0)
  }, [blocks, query, without])
  const all = groups.flatMap(group => group.blocks)
  const current = Math.min(at, Math.max(0, all.length - 1))

  const pick = (block: Block) => {
    rememberBlock(block.id)
    onPick(block)
  }
  const move = (to: number) => {
    setAt(to)
    list.current?.querySelector(`[data-at="${to}"]`)?.scrollIntoView({ block: 'nearest' })
  }
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const block = all[current]
    if (event.key === 'ArrowDown') move(Math.min(current + 1, all.length - 1))
    else if (event.key === 'ArrowUp') move(Math.max(current - 1, 0))
    else if (event.key === 'Enter' && block) pick(block)
    else return
    event.preventDefault()
  }
  let count = -1
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Search aria-hidden className="size-4 shrink-0 text-muted" />
        <input
          // biome-ignore lint/a11y/noAutofocus: it is opened to type into it.
          autoFocus={eager}
          type="search"
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={all.length > 0 ? `${id}-${current}` : undefined}
          aria-label={t('canvas.library.search')}
          placeholder={t('canvas.library.search')}
          value={query}
          onChange={event => {
            setQuery(event.target.value)
            setAt(0)
          }}
          onKeyDown={press}
          className="h-12 w-full min-w-0 bg-transparent text-sm outline-none pointer-coarse:text-base"
        />
      </div>
      {all.length === 0 && (
        <p className="flex flex-col items-center gap-3 px-6 py-10 text-center text-muted">
          <SearchX aria-hidden className="size-5" />
          {t('canvas.library.nothing', { query })}
        </p>
      )}
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={t('canvas.library.title')}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-2"
      >
        {groups.map(group => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options has no element of its own.
          <div key={group.word} role="group" aria-label={t(`canvas.library.${group.word}`)} className="pb-2">
            <div aria-hidden className="px-2 pt-2 pb-1 text-xs font-medium text-muted">
              {t(`canvas.library.${group.word}`)}
            </div>
            {group.blocks.map(block => {
              count += 1
              const mine = count
              return (
                <Row
                  key={`${group.word} ${block.id}`}
                  id={`${id}-${mine}`}
                  at={mine}
                  block={block}
                  active={mine === current}
                  onPick={pick}
                  onPoint={setAt}
                />
              )
            })}
          </div>
        ))}
      </div>
    </div>
  )
}

type RowProps = {
  id: string
  at: number
  block: Block
  active: boolean
  onPick: (block: Block) => void
  onPoint: (at: number) => void
}

function Row({ id, at, block, active, onPick, onPoint }: RowProps) {
  const Icon = iconOf(block.icon)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and moves through the options.
    // biome-ignore lint/a11y/useFocusableInteractive: likewise.
    <div
      id={id}
      data-at={at}
      role="option"
      aria-selected={active}
      draggable
      onDragStart={event => {
        event.dataTransfer.setData(DRAGGED, block.id)
        event.dataTransfer.effectAllowed = 'copy'
      }}
      onClick={() => onPick(block)}
      onPointerMove={() => active || onPoint(at)}
      className={classes('flex cursor-pointer items-start gap-3 rounded-lg p-2 select-none', active && 'bg-hover')}
    >
      <span data-tint={tintOf(block.group)} className="tile grid size-8 shrink-0 place-items-center rounded-lg">
        <Icon aria-hidden className="size-4" />
      </span>
      <span className="grid min-w-0">
        <span className="truncate text-[0.8125rem] font-medium">{block.title}</span>
        <span className="line-clamp-2 text-xs leading-4 text-muted">{block.about}</span>
      </span>
    </div>
  )
}
