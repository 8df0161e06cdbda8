import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../../ui/Field.tsx'
import { Input } from '../../ui/Input.tsx'
import { Form } from '../Form.tsx'
import type { Block } from '../Inspector.tsx'
import type { Problem } from '../problems.ts'
import { type Node, settingsOf, settingsSchema, withSettings, wrongKey } from '../settings.ts'

type Props = {
  node: Node
  block: Block | null
  taken: readonly string[]
  tool: boolean
  joins: boolean
  problems: readonly Problem[]
  disabled: boolean
  onChange: (next: Node) => void
}

/** How a node is called and how it behaves. */
export function Settings({ node, block, taken, tool, joins, problems, disabled, onChange }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState<string | null>(null)
  const key = typed ?? node.key
  const wrong = key === node.key ? null : wrongKey(key, taken)
  const keyProblem = problems.find(({ field }) => field === 'key')?.message
  const effect = block?.effect ?? 'depends'
  const schema = useMemo(
    () =>
      settingsSchema(word => t(`settingsOf.${word}` as 'settingsOf.onError.title', { defaultValue: '' }), {
        trigger: block?.start != null,
        effect,
        tool,
        joins,
      }),
    [t, block, effect, tool, joins],
  )
  const rename = () => {
    if (typed !== null && typed !== node.key && wrong === null) onChange({ ...node, key: typed })
    if (wrong === null) setTyped(null)
  }
  return (
    <>
      <fieldset disabled={disabled} className="grid min-w-0 grid-cols-1 gap-5">
        <Field label={t('settingsOf.name')}>
          {control => (
            <Input
              {...control}
              value={node.name ?? ''}
              maxLength={200}
              placeholder={block?.title}
              onChange={event => {
                const { name: _gone, ...others } = node
                onChange(event.target.value === '' ? others : { ...others, name: event.target.value })
              }}
            />
          )}
        </Field>
        <Field
          label={t('settingsOf.key')}
          hint={t('settingsOf.keyAbout', { key: `{{ ${node.key} }}` })}
          error={wrong ? t(`settingsOf.wrongKey.${wrong}`) : keyProblem}
        >
          {control => (
            <Input
              {...control}
              dir="ltr"
              spellCheck={false}
              maxLength={64}
              value={key}
              onChange={event => setTyped(event.target.value)}
              onBlur={rename}
              onKeyDown={event => event.key === 'Enter' && rename()}
              className="font-mono"
            />
          )}
        </Field>
      </fieldset>
      <Form
        schema={schema}
        value={settingsOf(node)}
        onChange={next => onChange(withSettings(node, next))}
        reach={nothing}
        problems={problems.map(problem => ({
          ...problem,
          field: problem.field === null ? null : `params.${settingAt(problem.field)}`,
        }))}
        disabled={disabled}
      />
    </>
  )
}

const nothing = () => null

/** Problems name fields of the node; the form has some of them under other names. */
const settingAt = (field: string) =>
  field
    .replace(/^retry\./, '')
    .replace(/^tool\.about$/, 'toolAbout')
    .replace(/^tool\.input\b.*/, 'toolInput')
