import { Binary, Braces, Brackets, CircleDashed, Hash, ToggleLeft, Type } from 'lucide-react'
import { useTranslation } from 'react-i18next'

const ICONS = { text: Type, number: Hash, boolean: ToggleLeft, list: Brackets, object: Braces, null: CircleDashed, any: Binary }

type Name = keyof typeof ICONS

const isName = (type: string): type is Name => Object.hasOwn(ICONS, type)

/** What kind of value something is: an icon, and the word for those who listen. */
export function Kind({ type }: { type: string }) {
  const { t } = useTranslation()
  const name = isName(type) ? type : 'any'
  const Icon = ICONS[name]
  return (
    <span title={t(`forms.kinds.${name}`)} className="grid size-5 shrink-0 place-items-center text-muted">
      <Icon aria-hidden className="size-3.5" />
      <span className="sr-only">{t(`forms.kinds.${name}`)}</span>
    </span>
  )
}
