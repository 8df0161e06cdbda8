import { useInfiniteQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { members } from '#workspaces/contract.ts'
import { pages } from '../../query.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { useForm } from '../context.ts'
import { lineOf } from '../values.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'
import { Picker } from './Picker.tsx'

/** People of the workspace, by their e-mail addresses. */
export function MembersField(props: FieldProps<LookAs<'members'>>) {
  const { t } = useTranslation()
  const { field, value, onChange } = props
  const { disabled } = useForm()
  const { data, isPending } = useInfiniteQuery(pages(members, { limit: 200 }))
  const all = data?.pages.flatMap(page => page.items) ?? []
  const list = Array.isArray(value) ? value.map(lineOf) : []
  const nameOf = (email: string) => all.find(one => one.email === email)?.name ?? email
  return (
    <Frame {...props}>
      {control => (
        <div className="grid min-w-0 grid-cols-1 gap-2">
          {list.length > 0 && (
            <ul className="flex flex-wrap gap-1.5">
              {list.map(email => (
                <li
                  key={email}
                  className="flex max-w-full items-center gap-1.5 rounded-full border border-edge bg-hover py-0.5 pl-1 text-[0.8125rem]"
                >
                  <Avatar name={nameOf(email)} className="size-5 text-[0.625rem]" />
                  <span className="min-w-0 truncate" dir="auto" title={email}>
                    {nameOf(email)}
                  </span>
                  {!disabled && (
                    <button
                      type="button"
                      aria-label={t('forms.drop', { name: nameOf(email) })}
                      onClick={() => onChange(list.length === 1 ? undefined : list.filter(one => one !== email))}
                      className="grid size-6 shrink-0 place-items-center rounded-full text-muted hover:bg-press hover:text-text pointer-coarse:size-9"
                    >
                      <X aria-hidden className="size-3.5" />
                    </button>
                  )}
                </li>
              ))}
            </ul>
          )}
          <Picker
            control={control}
            title={field.title}
            value={null}
            shown={<span className="truncate text-muted">{t('forms.addMember')}</span>}
            loading={isPending}
            items={all
              .filter(one => !list.includes(one.email))
              .map(one => ({ value: one.email, label: one.name, about: one.email }))}
            free={typed => (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed) ? typed : null)}
            onPick={email => onChange([...list, email])}
          />
        </div>
      )}
    </Frame>
  )
}
