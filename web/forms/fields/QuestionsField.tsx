import { Eye } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button.tsx'
import { isObject } from '../schema.ts'
import { lineOf } from '../values.ts'
import type { FieldProps, LookAs } from './FieldView.tsx'
import { ListField } from './ListField.tsx'
import { Questions } from './Questions.tsx'

/** The questions of a form: what is asked, and how it will look. */
export function QuestionsField(props: FieldProps<LookAs<'questions'>>) {
  const { t } = useTranslation()
  const { field, value } = props
  const id = useId()
  const [shown, show] = useState(false)
  const list = Array.isArray(value) ? value.filter(isObject).filter(one => lineOf(one.name) !== '') : []
  return (
    <div className="grid min-w-0 grid-cols-1 gap-2">
      <ListField {...props} field={{ ...field, look: { ...field.look, as: 'list' } }} />
      {list.length > 0 && (
        <Button
          size="small"
          variant="quiet"
          aria-expanded={shown}
          aria-controls={shown ? id : undefined}
          icon={<Eye aria-hidden className="size-4" />}
          onClick={() => show(!shown)}
          className="w-fit"
        >
          {shown ? t('forms.hidePreview') : t('forms.showPreview')}
        </Button>
      )}
      {shown && list.length > 0 && (
        <section
          id={id}
          aria-label={t('forms.preview')}
          className="grid min-w-0 gap-4 rounded-xl border border-dashed border-edge p-4"
        >
          <Questions questions={list} />
        </section>
      )}
    </div>
  )
}
