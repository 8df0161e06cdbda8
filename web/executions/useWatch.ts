import { useSuspenseQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { executionWorkflow } from '#executions/contract.ts'
import { block, blocks } from '#workflows/catalogue/contract.ts'
import { call } from '../api.ts'
import { type Catalogue, makeCatalogue, missing } from '../canvas/catalogue.ts'
import type { Drawing } from '../canvas/drawing.ts'
import { read } from '../query.ts'
import { makeWatch, type Sight } from './watch.ts'

const FOREVER = { staleTime: Number.POSITIVE_INFINITY }

/** The workflow that an execution runs, with the blocks in the versions it uses. */
export function useDrawn(id: string): { drawing: Drawing; catalogue: Catalogue } {
  const { data: drawing } = useSuspenseQuery({ ...read(executionWorkflow, { params: { id } }), ...FOREVER })
  const { data: known } = useSuspenseQuery({ ...read(blocks), ...FOREVER })
  const { data: older } = useSuspenseQuery({
    queryKey: [block.path, 'older', id],
    queryFn: () =>
      Promise.all(
        missing(makeCatalogue(known.items), drawing.nodes).map(one =>
          call(block, { params: { block: one.block }, query: { version: one.version } }).catch(() => null),
        ),
      ),
  })
  const catalogue = useMemo(() => makeCatalogue([...known.items, ...older.filter(one => one !== null)]), [known, older])
  return { drawing, catalogue }
}

/** What happens to an execution, as it happens. `times` is raised where one that had ended goes on. */
export function useWatch(id: string, drawing: Drawing, catalogue: Catalogue, times = 0): Sight {
  const watch = useMemo(() => makeWatch(id, drawing, catalogue), [id, drawing, catalogue])
  useEffect(() => {
    // Whatever number it is: it is another beginning.
    void times
    return watch.begin()
  }, [watch, times])
  return useSyncExternalStore(watch.hear, watch.sight)
}
