import { CornerDownRight, Ellipsis, Plus } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '#engine/check.ts'
import { Button } from '../ui/Button.tsx'
import { buttonLook } from '../ui/button.ts'
import { classes } from '../ui/classes.ts'
import { Menu } from '../ui/Menu.tsx'
import { choose } from './draft.ts'
import { type Drawing, nodeOf } from './drawing.ts'
import { Items } from './Items.tsx'
import { iconOf } from './icons.ts'
import { calledBy } from './names.ts'
import { useCatalogue, useDraft, useKit, useMode } from './open.ts'
import { type Line, outlineOf } from './outline.ts'
import { StateLine } from './State.tsx'
import type { States } from './states.ts'
import { summaryOf } from './summary.ts'
import { tintOf } from './tint.ts'

type Props = { states?: States | undefined; problems?: readonly Problem[] }

/** The drawing as a list: everything the canvas can do, without a mouse and without seeing where things stand. */
export function Outline({ states, problems = [] }: Props) {
  const { t } = useTranslation()
  const kit = useKit()
  const edits = useMode() === 'edit'
  const drawing = useDraft(draft => draft.drawing)
  const selected = useDraft(draft => draft.selected)
  const lines = useMemo(() => outlineOf(drawing), [drawing])
  const list = useRef<HTMLDivElement>(null)
  const found = lines.findIndex(line => !line.again && selected.has(line.id))
  const current = Math.max(0, found)

  // When the line that has the focus is deleted, the one that stands there now has it.
  const last = useRef<{ at: number } | null>(null)
  useEffect(() => {
    if (last.current && document.activeElement === document.body && lines.length > 0)
      list.current?.querySelector<HTMLElement>(`[data-line="${Math.min(last.current.at, lines.length - 1)}"]`)?.focus()
  }, [lines])

  const go = (to: number) => {
    const line = lines[to]
    if (!line) return
    choose(kit.draft, [line.id])
    list.current?.querySelector<HTMLElement>(`[data-line="${to}"]`)?.focus()
  }
  const press = (event: KeyboardEvent, at: number) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.target !== event.currentTarget) return
    const depth = lines[at]?.depth ?? 0
    if (event.key === 'ArrowDown') go(Math.min(at + 1, lines.length - 1))
    else if (event.key === 'ArrowUp') go(Math.max(at - 1, 0))
    else if (event.key === 'Home') go(0)
    else if (event.key === 'End') go(lines.length - 1)
    else if (event.key === 'ArrowLeft')
      go(
        Math.max(
          0,
          lines.findLastIndex((line, one) => one < at && line.depth < depth),
        ),
      )
    else if (event.key === 'ArrowRight' && (lines[at + 1]?.depth ?? 0) > depth) go(at + 1)
    else return
    event.preventDefault()
  }
  return (
    <section data-canvas aria-label={t('canvas.outline.title')} className="flex size-full min-h-0 flex-col">
      {edits && (
        <div className="flex flex-wrap gap-2 border-b border-line p-3">
          <Button
            size="small"
            icon={<Plus aria-hidden className="size-4" />}
            onClick={() => kit.board.setState({ picking: { to: 'spot', at: null } })}
          >
            {t('canvas.do.add')}
          </Button>
          <Menu
            align="start"
            trigger={
              <button type="button" className={buttonLook({ size: 'small', variant: 'quiet' })}>
                {t('ui.actions')}
              </button>
            }
          >
            <Items />
          </Menu>
        </div>
      )}
      {lines.length === 0 ? (
        <p className="p-8 text-center text-muted">{t('canvas.outline.empty')}</p>
      ) : (
        <div
          ref={list}
          role="tree"
          aria-label={t('canvas.outline.title')}
          aria-multiselectable
          onFocus={event => {
            const line = event.target.dataset.line
            last.current = line === undefined ? last.current : { at: Number(line) }
          }}
          onBlur={event => {
            // A line that is taken away has no place to give the focus to.
            if (event.relatedTarget !== null) last.current = null
          }}
          className="min-h-0 flex-1 overflow-y-auto p-2"
        >
          {lines.map((line, at) => (
            <Row
              key={line.key}
              line={line}
              at={at}
              isCurrent={at === current}
              drawing={drawing}
              problems={problems.filter(one => one.node === line.id).length}
              states={states}
              chosen={selected.has(line.id)}
              onPress={press}
            />
          ))}
        </div>
      )}
    </section>
  )
}

type RowProps = {
  line: Line
  at: number
  isCurrent: boolean
  drawing: Drawing
  problems: number
  states: States | undefined
  chosen: boolean
  onPress: (event: KeyboardEvent, at: number) => void
}

/** Deeper than this nothing is moved further to the right. */
const DEEPEST = 12

function Row({ line, at, isCurrent, drawing, problems, states, chosen, onPress }: RowProps) {
  const { t } = useTranslation()
  const kit = useKit()
  const catalogue = useCatalogue()
  const edits = useMode() === 'edit'
  const node = nodeOf(drawing, line.id)
  if (!node) return null
  const block = catalogue.of(node)
  const Icon = line.again ? CornerDownRight : iconOf(block?.icon)
  const state = states?.get(node.id)
  const summary = summaryOf(node, block)
  const name = calledBy(node, block)
  const by = line.by === null || line.by === 'main' ? '' : line.by === 'error' ? t('canvas.outlet.error') : line.by
  const says = summary && ('needs' in summary ? t('canvas.needs', { fields: summary.needs.join(', ') }) : summary.says)
  return (
    <div
      role="treeitem"
      data-line={at}
      data-node={line.again ? undefined : line.id}
      aria-level={line.depth + 1}
      aria-selected={chosen}
      tabIndex={isCurrent ? 0 : -1}
      onFocus={event => event.target === event.currentTarget && choose(kit.draft, [line.id])}
      onClick={event => event.currentTarget.focus()}
      onDoubleClick={() => kit.opens(line.id)}
      onKeyDown={event => onPress(event, at)}
      style={{ paddingInlineStart: 8 + Math.min(line.depth, DEEPEST) * 20 }}
      className={classes(
        'group flex min-h-11 cursor-default items-center gap-2.5 rounded-lg py-1 pr-1',
        chosen ? 'bg-press' : 'hover:bg-hover',
      )}
    >
      <span
        data-tint={tintOf(line.again ? undefined : block?.group)}
        className="tile grid size-7 shrink-0 place-items-center rounded-md"
      >
        <Icon aria-hidden className="size-4" />
      </span>
      <span className="grid min-w-0 flex-1">
        <span className="flex min-w-0 items-center gap-2">
          {by !== '' && (
            <span
              className={classes(
                'shrink-0 rounded border border-line px-1.5 text-[0.6875rem]',
                line.by === 'error' ? 'text-danger' : 'text-muted',
              )}
            >
              {by}
            </span>
          )}
          {line.again && <span className="sr-only">{t('canvas.outline.again')}</span>}
          <span
            className={classes('truncate text-[0.8125rem] font-medium', node.disabled && 'line-through opacity-60')}
            dir="auto"
          >
            {name}
          </span>
          {node.disabled && <span className="sr-only">{t('canvas.off')}</span>}
          {problems > 0 && (
            <span className="shrink-0 text-xs font-semibold text-danger">{t('canvas.problems.count', { count: problems })}</span>
          )}
        </span>
        {!line.again && (
          <span className="truncate text-xs text-muted" dir="auto">
            {says}
          </span>
        )}
      </span>
      {state && <StateLine state={state} />}
      {!line.again && (
        <Menu
          trigger={
            <button
              type="button"
              tabIndex={isCurrent ? 0 : -1}
              aria-label={t('canvas.outline.actions', { name })}
              onClick={() => choose(kit.draft, [line.id])}
              className={buttonLook({ variant: 'quiet', size: 'tiny', className: classes(!isCurrent && !edits && 'hidden') })}
            >
              <Ellipsis aria-hidden className="size-4" />
            </button>
          }
        >
          <Items />
        </Menu>
      )}
    </div>
  )
}
