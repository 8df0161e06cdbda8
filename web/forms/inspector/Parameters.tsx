import { useTranslation } from 'react-i18next'
import { Notice } from '../../ui/Notice.tsx'
import type { Target } from '../context.ts'
import { CredentialField } from '../credential/CredentialField.tsx'
import { Form } from '../Form.tsx'
import { fieldsOf } from '../field.ts'
import { NextTimes } from '../fields/NextTimes.tsx'
import type { Block } from '../Inspector.tsx'
import type { Problem } from '../problems.ts'
import { type Reach, reserved } from '../reach.ts'
import type { Node } from '../settings.ts'
import { Help } from './Help.tsx'

type Props = {
  node: Node
  block: Block | null
  reach: Reach
  problems: readonly Problem[]
  disabled: boolean
  timezone: string
  onChange: (next: Node) => void
  onTarget: (target: Target) => void
}

/** The parameters of a node, its credential, and what the block says of itself. */
export function Parameters({ node, block, reach, problems, disabled, timezone, onChange, onTarget }: Props) {
  const { t } = useTranslation()
  if (!block)
    return (
      <>
        <Notice tone="warning" title={t('inspector.gone')}>
          {t('inspector.goneAbout', { block: node.block })}
        </Notice>
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className="max-h-96 overflow-auto rounded-xl border border-line bg-well p-3.5 text-xs"
        >
          {JSON.stringify(node.params, null, 2)}
        </pre>
      </>
    )
  const timed = block.start !== null && fieldsOf(block.input, block.input).some(([, { look }]) => look.as === 'cron')
  const credentialWrong = problems.find(({ field }) => field === 'credential')?.message
  return (
    <>
      <Help block={block} params={node.params} disabled={disabled} onUse={params => onChange({ ...node, params })} />
      {block.credentials.length > 0 && (
        <fieldset disabled={disabled} className="min-w-0">
          <CredentialField
            kinds={block.credentials}
            needed={block.credentialNeeded}
            value={node.credential}
            error={credentialWrong}
            disabled={disabled}
            onChange={credential => {
              const { credential: _gone, ...others } = node
              onChange(credential === undefined ? others : { ...others, credential })
            }}
          />
        </fieldset>
      )}
      {timed && <NextTimes block={block.id} params={node.params} timezone={timezone} />}
      {fieldsOf(block.input, block.input).length === 0 && <p className="text-sm text-muted">{t('inspector.nothing')}</p>}
      <Form
        schema={block.input}
        value={node.params}
        onChange={params => onChange({ ...node, params })}
        reach={field => reachFor(block, reach, field)}
        problems={problems}
        disabled={disabled}
        block={block.id}
        timezone={timezone}
        onTarget={onTarget}
      />
    </>
  )
}

/** Of a trigger nothing has run before; fields that are worked out for each entry see the entry too. */
function reachFor(block: Block, reach: Reach, field: string): Reach | null {
  if (block.verbatim.includes(field)) return null
  const later = block.later.includes(field) || block.perTurn.includes(field)
  if (block.start !== null && !later) return null
  if (block.start !== null)
    return [{ key: 'trigger', title: block.title, kind: 'trigger', schema: block.output, last: block.example.output }]
  const turn = reserved({ turning: true, variables: {} }).filter(one => one.kind === 'turn')
  return later ? [...reach, ...turn.filter(one => !reach.some(source => source.key === one.key))] : reach
}
