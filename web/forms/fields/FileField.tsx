import { useInfiniteQuery } from '@tanstack/react-query'
import { Upload, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { files, uploadFile } from '#uploads/contract.ts'
import { sendFile } from '../../files/send.ts'
import { useWhy } from '../../frame/me.ts'
import { pages, queries } from '../../query.ts'
import { Button } from '../../ui/Button.tsx'
import { sizeOf } from '../../ui/time.ts'
import { tell } from '../../words/tell.ts'
import { useForm } from '../context.ts'
import { isObject, schemasIn, typesOf } from '../schema.ts'
import { lineOf } from '../values.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'
import { Picker } from './Picker.tsx'

const idOf = (value: unknown): string => (isObject(value) ? lineOf(value.id) : lineOf(value))

/** A file of the workspace, or several: chosen, or uploaded here. */
export function FileField(props: FieldProps<LookAs<'file'>>) {
  const { t, i18n } = useTranslation()
  const { field, value, onChange } = props
  const { disabled } = useForm()
  const many = [field.schema, ...schemasIn(field.schema.anyOf)].some(one => typesOf(one).includes('array'))
  const list = useInfiniteQuery(pages(files, { limit: 100 }))
  const found = list.data?.pages.flatMap(page => page.items) ?? []
  const ids = (Array.isArray(value) ? value : value === undefined || value === '' ? [] : [value]).map(idOf)
  const nameOf = (id: string) => found.find(one => one.id === id)?.name ?? id
  const pick = (id: string) => onChange(many ? [...ids.filter(one => one !== id), id] : id)
  const drop = (id: string) => {
    const left = ids.filter(one => one !== id)
    onChange(left.length === 0 ? undefined : left)
  }
  return (
    <Frame {...props}>
      {control => (
        <div className="grid min-w-0 grid-cols-1 gap-2">
          {many && ids.length > 0 && (
            <ul className="grid gap-1.5">
              {ids.map(id => (
                <li
                  key={id}
                  className="flex min-w-0 items-center gap-2 rounded-lg border border-edge bg-hover py-0.5 pl-2.5 text-[0.8125rem]"
                >
                  <bdi className="min-w-0 flex-1 truncate">{nameOf(id)}</bdi>
                  {!disabled && (
                    <button
                      type="button"
                      aria-label={t('forms.drop', { name: nameOf(id) })}
                      onClick={() => drop(id)}
                      className="grid size-7 shrink-0 place-items-center rounded text-muted hover:bg-press hover:text-text pointer-coarse:size-10"
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
            value={many ? null : (ids[0] ?? null)}
            shown={
              many || ids.length === 0 ? (
                <span className="truncate text-muted">{t('forms.chooseFile')}</span>
              ) : (
                <bdi className="truncate">{nameOf(ids[0] ?? '')}</bdi>
              )
            }
            loading={list.isPending}
            items={found.map(one => ({
              value: one.id,
              label: one.name,
              about: `${one.type} · ${sizeOf(one.size, i18n.language)}`,
            }))}
            free={typed => (/^https?:\/\/\S+$|^file_\w+$/.test(typed) ? typed : null)}
            onPick={pick}
            foot={close => (
              <Send
                onSent={id => {
                  pick(id)
                  close()
                }}
              />
            )}
          />
          {!many && !field.required && ids.length > 0 && !disabled && (
            <Button size="small" variant="quiet" onClick={() => onChange(undefined)} className="w-fit">
              {t('forms.clear')}
            </Button>
          )}
        </div>
      )}
    </Frame>
  )
}

/** Uploads a file without leaving the form. */
function Send({ onSent }: { onSent: (id: string) => void }) {
  const { t } = useTranslation()
  const why = useWhy(uploadFile)
  const chooser = useRef<HTMLInputElement>(null)
  const [share, setShare] = useState<number | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const send = async (file: File | undefined) => {
    if (!file) return
    setProblem(null)
    setShare(0)
    try {
      const { id } = await sendFile(file, { progress: setShare, signal: new AbortController().signal })
      await queries.invalidateQueries({ queryKey: [files.path] })
      onSent(id)
    } catch (error) {
      setProblem(tell(error, t))
    } finally {
      setShare(null)
    }
  }
  return (
    <>
      <input
        ref={chooser}
        type="file"
        hidden
        aria-label={t('files.upload')}
        onChange={event => {
          void send(event.target.files?.[0])
          event.target.value = ''
        }}
      />
      <Button
        size="small"
        variant="quiet"
        why={why}
        busy={share !== null}
        icon={<Upload aria-hidden className="size-4" />}
        onClick={() => chooser.current?.click()}
      >
        {share === null ? t('files.upload') : `${Math.round(share * 100)} %`}
      </Button>
      {problem && (
        <p role="alert" className="px-2 py-1 text-xs text-danger">
          {problem}
        </p>
      )}
    </>
  )
}
