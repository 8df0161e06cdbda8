import type { TFunction } from 'i18next'
import { exportWorkflow } from '#workflows/exchange/contract.ts'
import { send } from '../api.ts'
import { saveAs } from '../save.ts'
import { say } from '../ui/toasts.ts'
import { tell } from '../words/tell.ts'
import { each } from './each.ts'
import { fileName } from './file.ts'
import type { Item } from './list.ts'

/** Saves workflows as files, one for each. */
export async function save(t: TFunction, items: readonly Pick<Item, 'id' | 'name'>[]): Promise<void> {
  const taken = new Set<string>()
  const { failed } = await each(items, async ({ id, name }) => {
    const bytes = await (await send(exportWorkflow, { params: { id } }, {})).blob()
    saveAs(fileName(name, taken), bytes)
  })
  const [first] = failed
  if (first) say(tell(first.error, t), 'danger', first.one.name)
}
