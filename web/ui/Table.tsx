// biome-ignore-all lint/a11y/noRedundantRoles: `display` takes the roles away where rows become sheets
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

/** One column: its heading and how a row fills it. */
export type Column<T> = {
  name: string
  head: string
  cell: (row: T) => ReactNode
  /** The column that names the row; on narrow screens it stands on top, without its heading. */
  lead?: boolean
  /** For buttons: at the end of the row, heading only read out. */
  end?: boolean
  /** With `end`, and small: on narrow screens it stands beside the name. */
  corner?: boolean
  className?: string
}

type Props<T> = {
  label: string
  rows: readonly T[]
  columns: readonly Column<T>[]
  keyOf: (row: T) => string
  /** What opens below a row. */
  below?: (row: T) => ReactNode
  /** Draws attention to a row that has just come. */
  fresh?: (row: T) => boolean
}

/** A table; where there is no room for columns each row becomes a small sheet. Roles are written out because `display` would take them away. */
export function Table<T>({ label, rows, columns, keyOf, below, fresh }: Props<T>) {
  return (
    <div className="@container">
      <table aria-label={label} role="table" className="block w-full text-sm @3xl:table @3xl:border-collapse">
        <thead role="rowgroup" className="hidden @3xl:table-header-group">
          <tr role="row" className="border-b border-line">
            {columns.map(column => (
              <th
                key={column.name}
                role="columnheader"
                scope="col"
                className={classes('px-3 py-2.5 text-left text-xs font-medium text-muted first:pl-5 last:pr-5', column.className)}
              >
                <span className={column.end ? 'sr-only' : undefined}>{column.head}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup" className="block divide-y divide-line @3xl:table-row-group">
          {rows.map(row => (
            <Row key={keyOf(row)} row={row} columns={columns} below={below?.(row)} fresh={fresh?.(row) ?? false} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

type RowProps<T> = { row: T; columns: readonly Column<T>[]; below: ReactNode; fresh: boolean }

function Row<T>({ row, columns, below, fresh }: RowProps<T>) {
  return (
    <>
      <tr
        role="row"
        className={classes(
          'grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1.5 px-5 py-3.5 transition-colors @3xl:table-row @3xl:hover:bg-hover',
          fresh && 'appear bg-info-soft',
        )}
      >
        {columns.map(column => (
          <td
            key={column.name}
            role="cell"
            className={classes(
              'col-span-2 flex min-w-0 items-center justify-between gap-4 @3xl:table-cell @3xl:px-3 @3xl:py-3 @3xl:align-middle @3xl:first:pl-5 @3xl:last:pr-5',
              column.end && 'justify-end pt-1 @3xl:text-right',
              column.lead && columns.some(one => one.corner) && 'col-span-1',
              column.corner && 'col-span-1 col-start-2 row-start-1 self-start pt-0',
              column.className,
            )}
          >
            {!column.lead && !column.end && <span className="shrink-0 text-xs text-muted @3xl:hidden">{column.head}</span>}
            <div className={classes('min-w-0', column.lead && 'flex-1', column.end && '@3xl:inline-flex')}>
              {column.cell(row)}
            </div>
          </td>
        ))}
      </tr>
      {below && (
        <tr role="row" className="block @3xl:table-row">
          <td role="cell" colSpan={columns.length} className="block px-5 pt-1 pb-4 @3xl:table-cell @3xl:pt-3">
            {below}
          </td>
        </tr>
      )}
    </>
  )
}
