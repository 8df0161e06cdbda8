import { z } from 'zod'
import type { Heard } from '../live.ts'

const Sketch = z.object({ key: z.string(), block: z.string(), name: z.string() })
const Wrong = z.object({ error: z.string(), advice: z.string().optional() })

/** How far a model has come with a workflow that was asked for in words. */
export type Story = {
  is: 'thinking' | 'drawing' | 'mending' | 'done' | 'failed'
  /** What it has drawn so far. */
  nodes: z.output<typeof Sketch>[]
  /** The whole answer, still to be read. */
  made: unknown
  problem: string | null
}

/** Nothing was heard yet. */
export const BEGIN: Story = { is: 'thinking', nodes: [], made: null, problem: null }

/** What is known after one more event. */
export function told(story: Story, { event, data }: Heard): Story {
  const value = json(data)
  if (event === 'draft') {
    const node = Sketch.safeParse(value)
    return node.success ? { ...story, is: 'drawing', nodes: [...story.nodes, node.data] } : story
  }
  // What it draws next is drawn anew.
  if (event === 'repair') return { ...story, is: 'mending', nodes: [] }
  if (event === 'done') return { ...story, is: 'done', made: value }
  if (event === 'error') {
    const wrong = Wrong.safeParse(value)
    const words = wrong.success ? [wrong.data.error, wrong.data.advice].filter(Boolean).join(' ') : ''
    return { ...story, is: 'failed', problem: words || null }
  }
  return story
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
