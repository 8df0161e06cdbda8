import { Upload } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { classes } from '../../ui/classes.ts'
import { Field } from '../../ui/Field.tsx'
import { Input, inputLook } from '../../ui/Input.tsx'
import { lineOf } from '../values.ts'

type Question = Record<string, unknown>

/** How questions will look to those who are asked. Nothing that is entered here goes anywhere. */
export function Questions({ questions }: { questions: readonly Question[] }) {
  return questions.map(one => <One key={lineOf(one.name)} question={one} />)
}

function One({ question }: { question: Question }) {
  const { t } = useTranslation()
  const { name, title, type = 'text', required, options, default: first, placeholder, help } = question
  const words = `${lineOf(title) || lineOf(name)}${required === true ? ' *' : ''}`
  const choices = Array.isArray(options) ? options.map(lineOf) : []
  const hint = lineOf(help)
  if (type === 'boolean')
    return (
      <label className="flex items-start gap-2.5 text-sm">
        <input type="checkbox" defaultChecked={first === true} className="mt-1 accent-(--accent)" />
        <span dir="auto">{words}</span>
      </label>
    )
  return (
    <Field label={words} hint={hint || undefined}>
      {control => {
        switch (type) {
          case 'longtext':
            return (
              <textarea
                {...control}
                rows={3}
                dir="auto"
                placeholder={lineOf(placeholder)}
                defaultValue={lineOf(first)}
                className={classes(inputLook, 'h-auto py-2')}
              />
            )
          case 'choice':
          case 'select':
          case 'multichoice':
            return (
              <select
                {...control}
                multiple={type === 'multichoice'}
                className={classes(inputLook, type === 'multichoice' && 'h-auto py-2')}
              >
                {type !== 'multichoice' && <option value="">{t('forms.choose')}</option>}
                {choices.map(choice => (
                  <option key={choice}>{choice}</option>
                ))}
              </select>
            )
          case 'file':
          case 'files':
            return (
              <p
                id={control.id}
                className="flex items-center justify-center gap-2 rounded-lg border border-dashed border-edge p-4 text-sm text-muted"
              >
                <Upload aria-hidden className="size-4" />
                {t('forms.chooseFile')}
              </p>
            )
          default:
            return (
              <Input
                {...control}
                type={INPUTS[lineOf(type)] ?? 'text'}
                placeholder={lineOf(placeholder)}
                defaultValue={lineOf(first)}
              />
            )
        }
      }}
    </Field>
  )
}

const INPUTS: Record<string, string> = { number: 'number', date: 'date', email: 'email', url: 'url' }
