import { Folder as FolderIcon, Inbox } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { classes } from '../ui/classes.ts'
import type { Branch } from './tree.ts'

type Props = { value: string | null | undefined; tree: readonly Branch[]; top: string; onChange: (home: string | null) => void }

/** Where something is to be put: one of the folders, or none. */
export function Homes({ value, tree, top, onChange }: Props) {
  const { t } = useTranslation()
  const name = useId()
  const places = [
    { id: null, name: top, depth: 0 },
    ...tree.map(({ folder, depth }) => ({ id: folder.id, name: folder.name, depth })),
  ]
  return (
    <fieldset className="grid max-h-72 gap-0.5 overflow-y-auto rounded-xl border border-line bg-well p-1.5">
      <legend className="sr-only">{t('workflows.folder')}</legend>
      {places.map(place => (
        <label
          key={place.id ?? ''}
          style={{ paddingInlineStart: `${0.625 + place.depth * 1.125}rem` }}
          className={classes(
            'flex min-h-9 cursor-pointer items-center gap-2.5 rounded-lg pr-2.5 text-sm has-focus-visible:outline-2 has-focus-visible:outline-ring pointer-coarse:min-h-11',
            place.id === value ? 'bg-press text-text' : 'text-muted hover:bg-hover hover:text-text',
          )}
        >
          <input type="radio" name={name} className="sr-only" checked={place.id === value} onChange={() => onChange(place.id)} />
          {place.id === null ? <Inbox aria-hidden className="size-4" /> : <FolderIcon aria-hidden className="size-4" />}
          <bdi className="truncate">{place.name}</bdi>
        </label>
      ))}
    </fieldset>
  )
}
