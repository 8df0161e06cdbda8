import { Plus, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button.tsx'
import { Input } from '../../ui/Input.tsx'
import { useForm } from '../context.ts'
import { objectOf, type Pair, pairsOf, wrongNames } from '../pairs.ts'
import { wordsAt } from '../problems.ts'
import { isObject } from '../schema.ts'
import { lineOf, readLike } from '../values.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { Frame } from './Frame.tsx'
import { Resolved } from './Resolved.tsx'
import { Template } from './Template.tsx'

/** Names with a value each, such as headers. */
export function MapField(props: FieldProps<LookAs<'map'>>) {
  const { t } = useTranslation()
  const { field, path, value, onChange } = props
  const { reachOf, problems, disabled } = useForm()
  const reach = reachOf(path)
  const [pairs, setPairs] = useState<readonly Pair[]>(() => pairsOf(value))
  const box = useRef<HTMLUListElement>(null)
  // What came from outside, such as by undo, counts more than what stands here.
  const [known, setKnown] = useState(value)
  if (value !== known) {
    setKnown(value)
    if (JSON.stringify(objectOf(pairs)) !== JSON.stringify(isObject(value) ? value : {})) setPairs(pairsOf(value))
  }
  const wrong = wrongNames(pairs)
  const change = (next: readonly Pair[]) => {
    setPairs(next)
    const made = objectOf(next)
    const sent = Object.keys(made).length === 0 && !field.required ? undefined : made
    setKnown(sent)
    onChange(sent)
  }
  const set = (id: number, part: Partial<Pair>) => change(pairs.map(pair => (pair.id === id ? { ...pair, ...part } : pair)))
  const add = () => {
    setPairs([...pairs, { id: Math.max(-1, ...pairs.map(pair => pair.id)) + 1, name: '', value: '' }])
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(':scope > li:last-child input')?.focus())
  }
  return (
    <Frame {...props} group>
      {() => (
        <div className="@container grid min-w-0 grid-cols-1 gap-2">
          {pairs.length > 0 && (
            <ul ref={box} className="grid min-w-0 grid-cols-1 gap-2">
              {pairs.map(pair => {
                const name = pair.name || t('forms.name')
                const error = wrong.has(pair.id) ? t('forms.nameTwice') : wordsAt(problems, [...path, pair.name])
                const text = lineOf(pair.value)
                return (
                  <li key={pair.id} className="grid min-w-0 grid-cols-1 gap-1.5">
                    <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-1.5 @xs:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto]">
                      <Input
                        aria-label={t('forms.name')}
                        aria-invalid={error ? true : undefined}
                        value={pair.name}
                        placeholder={t('forms.name')}
                        spellCheck={false}
                        onChange={event => set(pair.id, { name: event.target.value })}
                        className="h-9.5 font-mono text-[0.8125rem] pointer-coarse:h-11"
                      />
                      <div className="col-span-2 col-start-1 row-start-2 min-w-0 @xs:col-span-1 @xs:col-start-2 @xs:row-start-1">
                        <Template
                          control={{
                            id: `${path.join('.')}-${pair.id}`,
                            'aria-describedby': undefined,
                            'aria-invalid': undefined,
                            'aria-label': t('forms.valueOf', { name }),
                          }}
                          title={name}
                          path={[...path, pair.name]}
                          value={text}
                          placeholder={t('forms.value')}
                          onChange={next => set(pair.id, { value: readLike(pair.value, next) })}
                          reach={reach}
                        />
                      </div>
                      {!disabled && (
                        <button
                          type="button"
                          aria-label={t('forms.drop', { name })}
                          onClick={() => change(pairs.filter(one => one.id !== pair.id))}
                          className="col-start-2 row-start-1 grid size-9.5 place-items-center rounded-lg text-muted hover:bg-hover hover:text-text @xs:col-start-3 pointer-coarse:size-11"
                        >
                          <Trash2 aria-hidden className="size-3.5" />
                        </button>
                      )}
                    </div>
                    {reach && text.includes('{{') && <Resolved value={text} reach={reach} />}
                    {error && (
                      <p role="alert" className="text-xs text-danger">
                        {error}
                      </p>
                    )}
                  </li>
                )
              })}
            </ul>
          )}
          {!disabled && (
            <Button
              size="small"
              icon={<Plus aria-hidden className="size-4" />}
              aria-label={t('forms.addTo', { title: field.title })}
              onClick={add}
              className="w-fit"
            >
              {t('forms.add')}
            </Button>
          )}
        </div>
      )}
    </Frame>
  )
}
