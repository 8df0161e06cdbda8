import type { TFunction } from 'i18next'
import {
  activateWorkflow,
  archiveWorkflow,
  deactivateWorkflow,
  deleteWorkflow,
  moveWorkflow,
  unarchiveWorkflow,
  workflows,
} from '#workflows/drafts/contract.ts'
import { call } from '../api.ts'
import { queries } from '../query.ts'
import { type Deed, say } from '../ui/toasts.ts'
import { tell } from '../words/tell.ts'
import { each } from './each.ts'
import { changed, type Item, type Pages } from './list.ts'

/** What happens to workflows that are chosen: how the list looks afterwards, the call, and the words. */
type Act = {
  word: 'moved' | 'archived' | 'unarchived' | 'activated' | 'deactivated' | 'deleted'
  change: ((item: Item) => Item) | null
  send: (item: Item) => Promise<unknown>
}

/** Shows what will be, does it, and says what came of it; with a way back where there is one. */
async function perform(t: TFunction, items: readonly Item[], { word, change, send }: Act, back?: () => void): Promise<void> {
  const ids = new Set(items.map(({ id }) => id))
  await queries.cancelQueries({ queryKey: [workflows.path] })
  for (const [key, data] of queries.getQueriesData<Pages>({ queryKey: [workflows.path, 'pages'] })) {
    const query = key[2]
    queries.setQueryData(key, changed(data, query !== null && typeof query === 'object' ? { ...query } : {}, ids, change))
  }
  const { done, failed } = await each(items, send)
  await queries.invalidateQueries({ queryKey: [workflows.path] })
  const [first] = failed
  const [only] = done
  const undo: Deed | undefined = back && { label: t('workflows.undo'), run: back }
  if (only)
    say(
      done.length === 1 ? t(`workflows.one.${word}`, { name: only.name }) : t(`workflows.many.${word}`, { count: done.length }),
      'success',
      undefined,
      undo,
    )
  if (first)
    say(
      items.length === 1 ? tell(first.error, t) : t('workflows.notAll', { count: failed.length, name: first.one.name }),
      'danger',
      items.length === 1 ? undefined : tell(first.error, t),
    )
}

const params = ({ id }: Item) => ({ params: { id } })

/** Puts workflows into a folder, or into none. */
export function move(t: TFunction, items: readonly Item[], folderId: string | null): Promise<void> {
  const moved = items.filter(item => item.folderId !== folderId)
  const to = (homeOf: (item: Item) => string | null): Act => ({
    word: 'moved',
    change: item => ({ ...item, folderId: homeOf(item) }),
    send: item => call(moveWorkflow, { ...params(item), body: { folderId: homeOf(item) } }),
  })
  const homes = new Map(moved.map(item => [item.id, item.folderId]))
  const back = to(item => homes.get(item.id) ?? null)
  return moved.length === 0
    ? Promise.resolve()
    : perform(
        t,
        moved,
        to(() => folderId),
        () => void perform(t, moved, back),
      )
}

/** Puts workflows away. Brought back, those that were active are so again. */
export function archive(t: TFunction, items: readonly Item[]): Promise<void> {
  const there = items.filter(item => !item.archived)
  const away: Act = {
    word: 'archived',
    change: item => ({ ...item, archived: true, active: false }),
    send: item => call(archiveWorkflow, params(item)),
  }
  return perform(t, there, away, () => void unarchive(t, there))
}

/** Brings workflows back; those that were active when they were handed over become active again. */
export function unarchive(t: TFunction, items: readonly Item[]): Promise<void> {
  const before = new Map(items.map(item => [item.id, item.active]))
  return perform(t, items, {
    word: 'unarchived',
    change: item => ({ ...item, archived: false, active: before.get(item.id) ?? false }),
    async send(item) {
      await call(unarchiveWorkflow, params(item))
      if (item.active) await call(activateWorkflow, params(item))
    },
  })
}

/** Lets triggers start workflows, or lets them not; those that were never published stay as they are. */
export function turn(t: TFunction, items: readonly Item[], on: boolean): Promise<void> {
  const turned = items.filter(item => item.live !== null && !item.archived && item.active !== on)
  if (turned.length === 0) {
    say(t('workflows.nothingToTurn'), 'info')
    return Promise.resolve()
  }
  const to = (active: boolean): Act => ({
    word: active ? 'activated' : 'deactivated',
    change: item => ({ ...item, active }),
    send: item => call(active ? activateWorkflow : deactivateWorkflow, params(item)),
  })
  return perform(t, turned, to(on), () => void perform(t, turned, to(!on)))
}

/** Deletes workflows for good. */
export const remove = (t: TFunction, items: readonly Item[]): Promise<void> =>
  perform(t, items, { word: 'deleted', change: null, send: item => call(deleteWorkflow, params(item)) })
