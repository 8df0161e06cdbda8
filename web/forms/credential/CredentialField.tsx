import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { CircleCheck, CircleX, Plus, Zap } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { testCredential } from '#models/contract.ts'
import { createCredential, credentials } from '#vault/contract.ts'
import { connectors } from '#workflows/catalogue/contract.ts'
import { useWhy } from '../../frame/me.ts'
import { pages, read, useAct } from '../../query.ts'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { tell } from '../../words/tell.ts'
import { Picker } from '../fields/Picker.tsx'
import { kindsOf } from './kinds.ts'
import { NewCredential } from './NewCredential.tsx'

type Props = {
  /** The kinds that fit. */
  kinds: readonly string[]
  needed: boolean
  value: string | undefined
  onChange: (next: string | undefined) => void
  error?: string | undefined
  disabled?: boolean
}

/** The credential of a node: one that fits, or a new one made and tried on the spot. */
export function CredentialField({ kinds, needed, value, onChange, error, disabled = false }: Props) {
  const { t } = useTranslation()
  const list = useInfiniteQuery(pages(credentials, { limit: 200 }))
  const { data } = useQuery(read(connectors))
  const why = useWhy(createCredential)
  const [adding, setAdding] = useState(false)
  const fitting = (list.data?.pages.flatMap(page => page.items) ?? []).filter(one => kinds.includes(one.kind))
  const known = kindsOf(kinds, data?.items ?? [])
  const titleOf = (kind: string) => known.find(one => one.id === kind)?.title ?? kind
  const chosen = fitting.find(one => one.id === value)
  // Of an imported workflow: the kind and name that is wanted.
  const wanted = value && !value.startsWith('cred_') ? /^[^:]+:(.+)$/s.exec(value)?.[1] : undefined
  const gone = value !== undefined && !chosen && list.data !== undefined
  const words = wanted ? t('vault.wanted', { name: wanted }) : gone ? t('vault.gone') : undefined
  return (
    <Field label={t('vault.title')} hint={needed ? undefined : t('vault.optional')} error={error ?? words}>
      {control => (
        <div className="grid min-w-0 grid-cols-1 gap-2">
          <Picker
            control={control}
            title={t('vault.title')}
            value={value ?? ''}
            shown={
              chosen ? (
                <span className="truncate" dir="auto">
                  {chosen.name}
                </span>
              ) : (
                <span className="truncate text-muted">{value ? (wanted ?? value) : t('vault.none')}</span>
              )
            }
            loading={list.isPending}
            items={[
              ...(needed && !value ? [] : [{ value: '', label: t('vault.none') }]),
              ...fitting.map(one => ({ value: one.id, label: one.name, about: titleOf(one.kind) })),
            ]}
            onPick={next => onChange(next === '' ? undefined : next)}
            foot={close => (
              <Button
                size="small"
                variant="quiet"
                why={why}
                icon={<Plus aria-hidden className="size-4" />}
                onClick={() => {
                  close()
                  setAdding(true)
                }}
              >
                {t('credentials.new')}
              </Button>
            )}
          />
          {chosen && !disabled && <Try key={chosen.id} id={chosen.id} />}
          {adding && (
            <NewCredential
              kinds={kinds}
              onClose={() => setAdding(false)}
              onMade={id => {
                setAdding(false)
                onChange(id)
              }}
            />
          )}
        </div>
      )}
    </Field>
  )
}

/** Tries a credential with a real call and says what came of it. */
export function Try({ id }: { id: string }) {
  const { t } = useTranslation()
  const why = useWhy(testCredential)
  const test = useAct(testCredential, { quiet: true })
  const ok = test.data?.ok === true
  const words = test.error ? tell(test.error, t) : test.data?.message
  const Icon = ok ? CircleCheck : CircleX
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button
        size="small"
        variant="quiet"
        why={why}
        busy={test.isPending}
        icon={<Zap aria-hidden className="size-4" />}
        onClick={() => test.mutate({ params: { id } })}
      >
        {t('vault.test')}
      </Button>
      <p
        role="status"
        className={
          ok
            ? 'flex min-w-0 flex-1 items-start gap-1.5 text-xs text-success'
            : 'flex min-w-0 flex-1 items-start gap-1.5 text-xs text-warning'
        }
      >
        {words && <Icon aria-hidden className="mt-px size-3.5 shrink-0" />}
        {words}
      </p>
    </div>
  )
}
