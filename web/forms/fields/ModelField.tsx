import { useQuery } from '@tanstack/react-query'
import { Plus, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { models } from '#models/contract.ts'
import { createCredential } from '#vault/contract.ts'
import { useWhy } from '../../frame/me.ts'
import { queries, read } from '../../query.ts'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { NewCredential } from '../credential/NewCredential.tsx'
import { dollars, type Model, providersOf, tokensOf } from '../models.ts'
import { lineOf } from '../values.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'
import { Picker } from './Picker.tsx'

const NAMES: Record<string, string> = {
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  google: 'Google',
  ollama: 'Ollama',
  demo: 'Demo',
}

/** Kinds of credential that bring models. */
const KEYS = ['openai', 'anthropic', 'google', 'openai.compatible']

/** A model: by provider, with what it can do, how much it reads and what it costs. */
export function ModelField(props: FieldProps<LookAs<'model'>>) {
  const { t } = useTranslation()
  const { field, value, onChange } = props
  const { data, isPending } = useQuery({ ...read(models), staleTime: 60_000 })
  const why = useWhy(createCredential)
  const [adding, setAdding] = useState(false)
  const providers = providersOf(data?.items ?? [], field.look.able)
  const id = lineOf(value ?? field.start)
  const chosen = data?.items.find(one => one.id === id)
  const problems = data?.problems ?? []
  const describe = (model: Model) => <About model={model} able={field.look.able} />
  return (
    <>
      <Frame {...props}>
        {control => (
          <>
            <Picker
              control={control}
              title={field.title}
              value={id || null}
              shown={
                id ? (
                  <>
                    <span className="min-w-0 truncate">{chosen?.name ?? id}</span>
                    {chosen?.demo && <Badge tone="warning">{t('models.demo')}</Badge>}
                    {!chosen && data && <Badge tone="quiet">{t('models.unlisted')}</Badge>}
                  </>
                ) : (
                  <span className="text-muted">{t('models.choose')}</span>
                )
              }
              loading={isPending}
              items={providers.flatMap(({ name, models: own }) =>
                own.map(model => ({
                  value: model.id,
                  label: model.name,
                  group: NAMES[name] ?? name,
                  also: model.id,
                  about: describe(model),
                  ...(model.demo ? { badge: <Badge tone="warning">{t('models.demo')}</Badge> } : {}),
                })),
              )}
              free={typed => (/^[\w.-]+\/\S+$/.test(typed) ? typed : null)}
              onPick={onChange}
              head={
                problems.length > 0 && (
                  <ul className="grid max-h-28 gap-1.5 overflow-y-auto border-b border-line px-3 py-2 text-xs text-warning">
                    {problems.map(({ provider, message }) => (
                      <li key={provider + message} className="flex items-start gap-1.5">
                        <TriangleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
                        <span>
                          <strong>{NAMES[provider] ?? provider}: </strong>
                          {message}
                        </span>
                      </li>
                    ))}
                  </ul>
                )
              }
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
                  {t('models.addKey')}
                </Button>
              )}
            />
            {chosen && <p className="text-xs text-muted">{describe(chosen)}</p>}
          </>
        )}
      </Frame>
      {adding && (
        <NewCredential
          kinds={KEYS}
          onClose={() => setAdding(false)}
          onMade={() => {
            setAdding(false)
            void queries.invalidateQueries({ queryKey: [models.path] })
          }}
        />
      )}
    </>
  )
}

/** What a model can do, reads and costs, in one line. */
function About({ model: { abilities, context, price, demo }, able }: { model: Model; able: readonly string[] }) {
  const { t } = useTranslation()
  const can = abilities.filter(one => one !== 'text' && !able.includes(one)).map(one => t(`models.abilities.${one}`))
  const parts = [
    demo
      ? t('models.demoAbout')
      : price
        ? t('models.price', { input: dollars(price.input), output: dollars(price.output) })
        : t('models.unknownPrice'),
    ...(context === null ? [] : [t('models.reads', { tokens: tokensOf(context) })]),
    ...can,
  ]
  return parts.join(' · ')
}
