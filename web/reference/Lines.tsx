import { useTranslation } from 'react-i18next'
import { Prose } from './Prose.tsx'
import type { Line } from './schema.ts'

/** The fields of a schema, one below the other, those inside set in; of what is given it says what has to be. */
export function Lines({ lines, given = false }: { lines: readonly Line[]; given?: boolean }) {
  const { t } = useTranslation()
  return (
    <ul className="grid divide-y divide-line rounded-lg border border-line text-[0.8125rem]">
      {lines.map(line => (
        <li key={line.name} className="grid min-w-0 gap-2 px-3 py-2.5">
          <div className="flex min-w-0 flex-wrap items-baseline gap-x-3 gap-y-1">
            <code className="font-medium">{line.name}</code>
            <code className="min-w-0 text-xs text-accent">{line.type}</code>
            {given && line.required && <span className="text-xs text-warning">{t('reference.required')}</span>}
            {line.notes.length > 0 && <span className="text-xs text-muted">{line.notes.join(' · ')}</span>}
          </div>
          {line.about && (
            <p className="text-xs text-muted">
              <Prose text={line.about} />
            </p>
          )}
          {line.lines.length > 0 && <Lines lines={line.lines} given={given} />}
        </li>
      ))}
    </ul>
  )
}
