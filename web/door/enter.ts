import type { useNavigate } from '@tanstack/react-router'
import { tab } from '../api.ts'
import { sitePath } from '../path.ts'
import { queries } from '../query.ts'

/** Goes inside after signing in: forgets what was read before, and leads to the place that was asked for. */
export async function enter(
  navigate: ReturnType<typeof useNavigate>,
  next?: string | undefined,
  workspace: string | null = null,
): Promise<void> {
  tab.enter(workspace)
  queries.clear()
  await navigate({ href: sitePath(next) ?? '/home', replace: true })
}
