import type { ReactNode } from 'react'
import type { Field, Look } from '../field.ts'
import type { Path } from '../values.ts'
import { AnyField } from './AnyField.tsx'
import { ChoiceField } from './ChoiceField.tsx'
import { CodeField } from './CodeField.tsx'
import { ConditionsField } from './Conditions.tsx'
import { CronField } from './CronField.tsx'
import { DurationField } from './DurationField.tsx'
import { EitherField } from './EitherField.tsx'
import { FileField } from './FileField.tsx'
import { JsonField } from './JsonField.tsx'
import { ListField } from './ListField.tsx'
import { MapField } from './MapField.tsx'
import { MembersField } from './MembersField.tsx'
import { ModelField } from './ModelField.tsx'
import { MomentField } from './MomentField.tsx'
import { NumberField } from './NumberField.tsx'
import { ObjectField } from './ObjectField.tsx'
import { QuestionsField } from './QuestionsField.tsx'
import { SecretField } from './SecretField.tsx'
import { SwitchField } from './SwitchField.tsx'
import { TextField } from './TextField.tsx'
import { UnionField } from './UnionField.tsx'
import { WordsField } from './WordsField.tsx'
import { WorkflowField } from './WorkflowField.tsx'
import { ZoneField } from './ZoneField.tsx'

/** What every kind of field is given. `L` is what the form has read from the schema for its kind. */
export type FieldProps<L extends Look = Look> = {
  field: Field & { look: L }
  path: Path
  value: unknown
  /** undefined: nothing is filled in. */
  onChange: (next: unknown) => void
  error: string | undefined
  /** Inside of a row: the label is only read out. */
  bare?: boolean
}

/** The part of the looks that is called so. */
export type LookAs<K extends Look['as']> = Extract<Look, { as: K }>

/** A field, drawn as its kind wants it. */
export function FieldView({ field, ...rest }: FieldProps): ReactNode {
  const { look } = field
  switch (look.as) {
    case 'text':
    case 'longtext':
      return <TextField field={{ ...field, look }} {...rest} />
    case 'secret':
      return <SecretField field={{ ...field, look }} {...rest} />
    case 'number':
      return <NumberField field={{ ...field, look }} {...rest} />
    case 'boolean':
      return <SwitchField field={{ ...field, look }} {...rest} />
    case 'choice':
      return <ChoiceField field={{ ...field, look }} {...rest} />
    case 'words':
      return <WordsField field={{ ...field, look }} {...rest} />
    case 'list':
      return <ListField field={{ ...field, look }} {...rest} />
    case 'questions':
      return <QuestionsField field={{ ...field, look }} {...rest} />
    case 'object':
      return <ObjectField field={{ ...field, look }} {...rest} />
    case 'map':
      return <MapField field={{ ...field, look }} {...rest} />
    case 'union':
      return <UnionField field={{ ...field, look }} {...rest} />
    case 'either':
      return <EitherField field={{ ...field, look }} {...rest} />
    case 'conditions':
      return <ConditionsField field={{ ...field, look }} {...rest} />
    case 'json':
      return <JsonField field={{ ...field, look }} {...rest} />
    case 'code':
      return <CodeField field={{ ...field, look }} {...rest} />
    case 'any':
      return <AnyField field={{ ...field, look }} {...rest} />
    case 'duration':
      return <DurationField field={{ ...field, look }} {...rest} />
    case 'datetime':
      return <MomentField field={{ ...field, look }} {...rest} />
    case 'timezone':
      return <ZoneField field={{ ...field, look }} {...rest} />
    case 'cron':
      return <CronField field={{ ...field, look }} {...rest} />
    case 'workflow':
      return <WorkflowField field={{ ...field, look }} {...rest} />
    case 'members':
      return <MembersField field={{ ...field, look }} {...rest} />
    case 'file':
      return <FileField field={{ ...field, look }} {...rest} />
    case 'model':
      return <ModelField field={{ ...field, look }} {...rest} />
  }
}
