import { Dialog } from '@base-ui/react/dialog'
import { Search, StickyNote } from 'lucide-react'
import { type KeyboardEvent, useId, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../ui/classes.ts'
import { nodeOf } from './drawing.ts'
import { findIn } from './find.ts'
import { iconOf } from './icons.ts'
import { show } from './kit.ts'
import { useCatalogue, useDraft, useKit } from './open.ts'
import { focusNode } from './steer.ts'

/** Search in the workflow: names, keys, parameters and notes. */
export function Find() {
  const { t } = useTranslation()
  const kit = useKit()
  const catalogue = useCatalogue()
  const drawing = useDraft(draft => draft.drawing)
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const hits = useMemo(() => findIn(drawing, catalogue, query), [drawing, catalogue, query])
  const close = () => kit.board.setState({ finding: false })
  const go = (to: string) => {
    close()
    show(kit, to)
    focusNode(to)
  }
  const press = (event: KeyboardEvent) => {
    const hit = hits[at]
    if (event.key === 'ArrowDown') setAt(Math.min(at + 1, hits.length - 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0))
    else if (event.key === 'Enter' && hit && !event.nativeEvent.isComposing) go(hit.id)
    else return
    event.preventDefault()
  }
  return (
    <Dialog.Root open onOpenChange={next => next || close()}>
      <Dialog.Portal>
        <Dialog.Viewport className="pointer-events-none fixed inset-0 z-50 flex items-start justify-center p-3 pt-18">
          <Dialog.Popup
            aria-label={t('canvas.do.find')}
            className="glass rise pointer-events-auto flex max-h-[60dvh] w-full max-w-lg flex-col overflow-hidden rounded-2xl border border-line shadow-lift outline-none"
          >
            <div className="flex items-center gap-3 px-4">
              <Search aria-hidden className="size-4 shrink-0 text-muted" />
              <input
                type="search"
                role="combobox"
                aria-expanded={hits.length > 0}
                aria-controls={`${id}-list`}
                aria-activedescendant={hits.length > 0 ? `${id}-${at}` : undefined}
                aria-label={t('canvas.find.words')}
                placeholder={t('canvas.find.words')}
                value={query}
                onChange={event => {
                  setQuery(event.target.value)
                  setAt(0)
                }}
                onKeyDown={press}
                className="h-12 w-full min-w-0 bg-transparent outline-none"
              />
              <span role="status" className="shrink-0 text-xs text-muted">
                {query.trim() !== '' && t('canvas.find.hits', { count: hits.length })}
              </span>
            </div>
            <Dialog.Close className="sr-only">{t('ui.close')}</Dialog.Close>
            <div
              id={`${id}-list`}
              role="listbox"
              aria-label={t('canvas.do.find')}
              className="overflow-y-auto border-t border-line p-2 empty:hidden"
            >
              {hits.map((hit, count) => {
                const node = nodeOf(drawing, hit.id)
                const Icon = node ? iconOf(catalogue.of(node)?.icon) : StickyNote
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and moves through the options.
                  // biome-ignore lint/a11y/useFocusableInteractive: likewise.
                  <div
                    key={hit.id}
                    id={`${id}-${count}`}
                    role="option"
                    aria-selected={count === at}
                    onClick={() => go(hit.id)}
                    onPointerMove={() => setAt(count)}
                    className={classes(
                      'flex cursor-pointer items-center gap-3 rounded-lg px-2 py-1.5',
                      count === at && 'bg-hover',
                    )}
                  >
                    <Icon aria-hidden className="size-4 shrink-0 text-muted" />
                    <span className="grid min-w-0">
                      <span className="truncate text-[0.8125rem] font-medium" dir="auto">
                        {hit.name || t('canvas.note.title')}
                      </span>
                      <span className="truncate text-xs text-muted" dir="auto">
                        {hit.field ? `${hit.field}: ` : ''}
                        {hit.piece}
                      </span>
                    </span>
                  </div>
                )
              })}
            </div>
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
