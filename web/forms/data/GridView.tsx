import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { cellOf, type Grid } from './table.ts'

const HEIGHT = 32
const WIDEST = 300

/** A list of objects as a table. Only the lines in sight are drawn. */
export function GridView({ grid: { columns, rows }, label }: { grid: Grid; label: string }) {
  const { t } = useTranslation()
  const box = useRef<HTMLElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => HEIGHT,
    overscan: 10,
  })
  const lines = virtual.getVirtualItems()
  const before = lines[0]?.start ?? 0
  const after = virtual.getTotalSize() - (lines.at(-1)?.end ?? 0)
  return (
    <>
      <section
        ref={box}
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="max-h-112 min-w-0 overflow-auto rounded-xl border border-line bg-well"
      >
        <table
          aria-label={label}
          aria-rowcount={rows.length + 1}
          className="w-max min-w-full border-collapse text-left text-[0.8125rem]"
        >
          <thead className="sticky top-0 z-10 bg-ground">
            <tr className="border-b border-line">
              <th scope="col" className="px-3 py-1.5 text-xs font-medium text-muted">
                #
              </th>
              {columns.map(name => (
                <th key={name} scope="col" className="px-3 py-1.5 text-xs font-medium whitespace-nowrap text-muted">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {before > 0 && <tr aria-hidden style={{ height: before }} />}
            {lines.map(({ index }) => (
              <tr
                key={index}
                aria-rowindex={index + 2}
                style={{ height: HEIGHT }}
                className="border-b border-line last:border-0 hover:bg-hover"
              >
                <td className="px-3 text-xs text-muted tabular-nums">{index}</td>
                {rows[index]?.map((value, at) => {
                  const text = cellOf(value).slice(0, WIDEST)
                  return (
                    <td
                      key={columns[at]}
                      title={text}
                      dir="auto"
                      className={typeof value === 'number' ? 'px-3 text-right tabular-nums' : 'max-w-72 truncate px-3'}
                    >
                      {value === null ? <span className="text-muted">null</span> : text}
                    </td>
                  )
                })}
              </tr>
            ))}
            {after > 0 && <tr aria-hidden style={{ height: after }} />}
          </tbody>
        </table>
      </section>
      <p className="text-xs text-muted">{t('data.rows', { count: rows.length })}</p>
    </>
  )
}
