import { useNavigate } from '@tanstack/react-router'
import { createWorkflow, workflows } from '#workflows/drafts/contract.ts'
import { folders } from '#workflows/folders/contract.ts'
import { queries, useAct } from '../query.ts'

/** Makes a workflow and opens it. */
export function useMake(quiet = false) {
  const navigate = useNavigate()
  return useAct(createWorkflow, {
    quiet,
    done({ id }) {
      for (const { path } of [workflows, folders]) void queries.invalidateQueries({ queryKey: [path] })
      void navigate({ to: '/workflow/$id', params: { id } })
    },
  })
}
