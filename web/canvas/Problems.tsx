import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '#engine/check.ts'
import { nodeOf } from './drawing.ts'
import { show } from './kit.ts'
import { calledBy } from './names.ts'
import { useCatalogue, useDraft, useKit } from './open.ts'
import { focusNode } from './steer.ts'

/** What is wrong with the workflow; what is pressed is shown. */
export function Problems({ problems }: { problems: readonly Problem[] }) {
  const { t } = useTranslation()
  const kit = useKit()
  const catalogue = useCatalogue()
  const drawing = useDraft(draft => draft.drawing)
  const sorted = problems.toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
  if (sorted.length === 0)
    return (
      <p className="flex items-center justify-center gap-2 p-6 text-muted">
        <CircleCheck aria-hidden className="size-4 text-success" />
        {t('canvas.problems.none')}
      </p>
    )
  return (
    <ul aria-label={t('canvas.problems.title')} className="grid gap-px p-2">
      {sorted.map(problem => {
        const node = problem.node === null ? undefined : nodeOf(drawing, problem.node)
        const isError = problem.severity === 'error'
        const Icon = isError ? CircleAlert : TriangleAlert
        return (
          <li key={`${problem.node} ${problem.field} ${problem.code} ${problem.message}`}>
            <button
              type="button"
              disabled={!node}
              onClick={() => {
                if (!node) return
                show(kit, node.id)
                focusNode(node.id)
                kit.opens(node.id)
              }}
              className="flex w-full items-start gap-2.5 rounded-lg px-2.5 py-2 text-left enabled:hover:bg-hover"
            >
              <Icon
                aria-hidden
                className={isError ? 'mt-0.5 size-4 shrink-0 text-danger' : 'mt-0.5 size-4 shrink-0 text-warning'}
              />
              <span className="grid min-w-0 gap-0.5">
                <span className="text-[0.8125rem]">
                  <span className="sr-only">{t(isError ? 'canvas.problems.error' : 'canvas.problems.warning')} </span>
                  {problem.message}
                </span>
                {node && (
                  <span className="truncate text-xs text-muted" dir="auto">
                    {[calledBy(node, catalogue.of(node)), problem.field].filter(Boolean).join(' · ')}
                  </span>
                )}
              </span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
