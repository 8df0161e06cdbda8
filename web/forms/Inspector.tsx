import { Tabs } from '@base-ui/react/tabs'
import { X } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Reply } from '#http/contract.ts'
import type { block as blockRead } from '#workflows/catalogue/contract.ts'
import { Badge } from '../ui/Badge.tsx'
import { Button } from '../ui/Button.tsx'
import { classes } from '../ui/classes.ts'
import { say } from '../ui/toasts.ts'
import { insertAt } from './complete.ts'
import type { Target } from './context.ts'
import { InputView } from './inspector/InputView.tsx'
import { type LastRun, OutputView } from './inspector/OutputView.tsx'
import { Parameters } from './inspector/Parameters.tsx'
import { Settings } from './inspector/Settings.tsx'
import type { Problem } from './problems.ts'
import type { Reach } from './reach.ts'
import type { Node } from './settings.ts'
import { lineOf, valueAt, withAt } from './values.ts'

/** A kind of node, as the catalogue tells it. */
export type Block = Reply<typeof blockRead>

/** The tabs of the inspector. */
export type Tab = 'parameters' | 'input' | 'output' | 'settings'

type Props = {
  node: Node
  /** Null for a block that is not there any more: its parameters are kept as they are. */
  block: Block | null
  icon?: ReactNode
  /** What the templates of this node can name; without `item` and `index` of fields that are worked out for each entry. */
  reach: Reach
  /** Of this node. */
  problems?: readonly Problem[]
  last?: LastRun | undefined
  /** What stands for its output when nodes behind it are tried; undefined where nothing is pinned. */
  pinned?: unknown
  onPin?: (value: unknown) => void
  onChange: (next: Node) => void
  onClose?: () => void
  disabled?: boolean
  /** Keys of other nodes. */
  taken?: readonly string[]
  /** It stands in an agent that may call it. */
  tool?: boolean
  joins?: boolean
  timezone?: string
}

const TABS = ['parameters', 'input', 'output', 'settings'] as const

/** Everything about one node: its parameters, what it is given, what came of it, and how it behaves. Keeps nothing; says what changes. */
export function Inspector({
  node,
  block,
  icon,
  reach,
  problems = [],
  last,
  onChange,
  onClose,
  disabled = false,
  ...more
}: Props) {
  const { t } = useTranslation()
  const { pinned, onPin, taken = [], tool = false, joins = false, timezone = 'UTC' } = more
  const [tab, setTab] = useState<Tab>('parameters')
  const target = useRef<Target | null>(null)
  const isTrigger = block?.start != null
  const inSettings = problems.filter(({ field }) => field !== null && !field.startsWith('params'))
  const counts: Partial<Record<Tab, number>> = { parameters: problems.length - inSettings.length, settings: inSettings.length }
  const shown = TABS.filter(one => one !== 'input' || !isTrigger)

  const insert = (path: (string | number)[]) => {
    const into = target.current
    if (!into || disabled) return false
    const text = lineOf(valueAt(node.params, into.path))
    const next = insertAt(text, into, path)
    target.current = { ...into, from: next.cursor, to: next.cursor }
    onChange({ ...node, params: asParams(withAt(node.params, into.path, next.text)) })
    say(t('inspector.inserted', { title: into.title }))
    return true
  }
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(next: Tab) => setTab(next)}
      className="flex h-full min-h-0 min-w-0 flex-col"
      aria-label={t('inspector.title', { name: nameOf(node, block) })}
      role="region"
    >
      <header className="grid gap-2.5 border-b border-line px-4 pt-3.5">
        <div className="flex min-w-0 items-start gap-3">
          {icon}
          <div className="grid min-w-0 flex-1 gap-0.5">
            <h2 className="truncate text-[0.9375rem] leading-6" dir="auto">
              {nameOf(node, block)}
            </h2>
            <p className="flex min-w-0 items-center gap-2 text-xs text-muted">
              <code className="truncate">{node.key}</code>
              {block && <span className="truncate">{block.title}</span>}
              {node.disabled && <Badge tone="quiet">{t('inspector.off')}</Badge>}
            </p>
          </div>
          {onClose && (
            <Button
              size="tiny"
              variant="quiet"
              aria-label={t('ui.close')}
              icon={<X aria-hidden className="size-4" />}
              onClick={onClose}
            />
          )}
        </div>
        <Tabs.List className="-mx-1.5 flex min-w-0 gap-0.5 overflow-x-auto" aria-label={t('inspector.tabs')}>
          {shown.map(one => (
            <Tabs.Tab
              key={one}
              value={one}
              className={classes(
                'flex h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-2.5 text-[0.8125rem] font-medium text-muted -outline-offset-2 hover:text-text pointer-coarse:h-11',
                'data-active:border-accent data-active:text-text',
              )}
            >
              {t(`inspector.${one}`)}
              {(counts[one] ?? 0) > 0 && <Badge tone="danger">{counts[one]}</Badge>}
              {one === 'output' && last?.error && <Badge tone="danger">!</Badge>}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <Tabs.Panel value="parameters" className="grid min-w-0 grid-cols-1 gap-5 p-4 outline-none">
          <Parameters
            node={node}
            block={block}
            reach={reach}
            problems={problems}
            disabled={disabled}
            timezone={timezone}
            onChange={onChange}
            onTarget={next => {
              target.current = next
            }}
          />
        </Tabs.Panel>
        <Tabs.Panel value="input" className="flex h-full min-h-0 min-w-0 flex-col outline-none">
          <InputView reach={reach} last={last} into={target.current?.title} onPick={insert} />
        </Tabs.Panel>
        <Tabs.Panel value="output" className="grid min-w-0 grid-cols-1 gap-4 p-4 outline-none">
          <OutputView node={node} block={block} last={last} pinned={pinned} onPin={disabled ? undefined : onPin} />
        </Tabs.Panel>
        <Tabs.Panel value="settings" className="grid min-w-0 grid-cols-1 gap-5 p-4 outline-none">
          <Settings
            node={node}
            block={block}
            taken={taken}
            tool={tool}
            joins={joins}
            problems={inSettings}
            disabled={disabled}
            onChange={onChange}
          />
        </Tabs.Panel>
      </div>
    </Tabs.Root>
  )
}

const nameOf = (node: Node, block: Block | null) => node.name || block?.title || node.block

const asParams = (value: unknown): Node['params'] => (typeof value === 'object' && value !== null ? { ...value } : {})
