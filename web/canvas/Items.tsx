import { Menu } from '@base-ui/react/menu'
import { useTranslation } from 'react-i18next'
import { enter, mayEnter } from './actions/move.ts'
import { remove } from './actions/remove.ts'
import { pasteAny } from './clipboard.ts'
import type { Command } from './commands.ts'
import { selectedNodes } from './deeds.ts'
import { change } from './draft.ts'
import { makeId, nodeOf, outletOf, type Spot } from './drawing.ts'
import { Keys } from './Keys.tsx'
import { within } from './kit.ts'
import { calledBy } from './names.ts'
import { useCommands, useDraft, useKit, useMode } from './open.ts'

const ITEM =
  'flex items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-[0.8125rem] outline-none select-none data-highlighted:bg-hover data-disabled:opacity-45 pointer-coarse:py-3'
const ORDER = ['edit', 'arrange', 'select', 'view'] as const
/** These have no sense in a menu: they are ways of the keyboard. */
const BY_KEYS = /^(go|push)\./

/** Everything one can do with what is selected, for a menu. */
export function Items({ at }: { at?: () => { spot: Spot; parent: string | undefined } | null }) {
  const { t } = useTranslation()
  const kit = useKit()
  const commands = useCommands()
  const hasSome = useDraft(draft => draft.selected.size > 0)
  const fits = (one: Command) => (one.can ? one.can(kit) : !hasSome || one.group !== 'view' || one.id === 'help')
  const run = (command: Command) => {
    const place = at?.()
    // From a menu at a place what is pasted or added comes to stand there.
    const spot = place && within(kit.draft.getState().drawing, place.spot, place.parent)
    if (command.id === 'paste') void pasteAny(kit, spot ? { at: spot, parent: place.parent } : {})
    else if (command.id === 'add' && spot && !hasSome)
      kit.board.setState({ picking: { to: 'spot', at: spot, parent: place.parent } })
    else command.run(kit)
  }
  return (
    <>
      {ORDER.map(group => {
        const fit = commands.filter(one => one.group === group && !BY_KEYS.test(one.id) && fits(one))
        return (
          fit.length > 0 && (
            <Menu.Group key={group} className="not-first:mt-1.5 not-first:border-t not-first:border-line not-first:pt-1.5">
              <Menu.GroupLabel className="sr-only">{t(`canvas.help.${group}`)}</Menu.GroupLabel>
              {fit.map(command => (
                <Menu.Item key={command.id} onClick={() => run(command)} className={ITEM}>
                  <span className="min-w-0 flex-1">{t(`canvas.do.${command.id}`)}</span>
                  {command.keys[0] !== undefined && <Keys keys={command.keys[0]} />}
                </Menu.Item>
              ))}
              {group === 'edit' && <Ties />}
            </Menu.Group>
          )
        )
      })}
    </>
  )
}

/** What ties a node to others: containers it can go into or leave, and edges that can be cut. */
function Ties() {
  const { t } = useTranslation()
  const { draft, catalogue } = useKit()
  const edits = useMode() === 'edit'
  const kit = useKit()
  const drawing = useDraft(it => it.drawing)
  const ids = selectedNodes(kit)
  const [id = ''] = ids
  const node = nodeOf(drawing, id)
  if (!edits || !node || ids.size === 0) return null
  const name = (of: string) => {
    const one = nodeOf(drawing, of)
    return one ? calledBy(one, catalogue.of(one)) : of
  }
  const frames = drawing.nodes.filter(
    one => one.id !== node.parent && catalogue.isContainer(one) && mayEnter(drawing, id, one.id, catalogue) && !ids.has(one.id),
  )
  const edges = ids.size === 1 ? drawing.edges.filter(edge => edge.source === id || edge.target === id) : []
  return (
    <>
      {node.parent !== undefined && (
        <Menu.Item
          className={ITEM}
          onClick={() => change(draft, 'move', now => enter(now, ids, nodeOf(now, node.parent ?? '')?.parent, catalogue, makeId))}
        >
          {t('canvas.leave', { name: name(node.parent) })}
        </Menu.Item>
      )}
      {frames.map(frame => (
        <Menu.Item
          key={frame.id}
          className={ITEM}
          onClick={() => change(draft, 'move', now => enter(now, ids, frame.id, catalogue, makeId))}
        >
          {t('canvas.enter', { name: name(frame.id) })}
        </Menu.Item>
      ))}
      {edges.map(edge => (
        <Menu.Item
          key={edge.id}
          className={ITEM}
          onClick={() => change(draft, 'delete', now => remove(now, new Set([edge.id]), { close: false, edgeId: makeId }))}
        >
          {edge.source === id && outletOf(edge) !== 'main'
            ? t('canvas.cutTo', { name: name(edge.target), outlet: outletOf(edge) })
            : t('canvas.cutFrom', { name: name(edge.source === id ? edge.target : edge.source) })}
        </Menu.Item>
      ))}
    </>
  )
}
