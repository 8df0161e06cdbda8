import './desk.css'
import { CSPProvider } from '@base-ui/react/csp-provider'
import { Tooltip } from '@base-ui/react/tooltip'
import { QueryClientProvider, useQuery } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import { block } from '#workflows/catalogue/contract.ts'
import { Inspector } from '../../web/forms/Inspector.tsx'
import { type Reach, reserved } from '../../web/forms/reach.ts'
import type { Node } from '../../web/forms/settings.ts'
import { queries, read } from '../../web/query.ts'
import '../../web/public/theme.js'
import { Toasts } from '../../web/ui/Toast.tsx'
import { startWords } from '../../web/words/words.ts'

z.config({ jitless: true })

const asked = new URLSearchParams(location.search)
const id = asked.get('block') ?? 'http.request'

const LAST = {
  status: 200,
  headers: { 'content-type': 'application/json', 'x-request-id': 'r-1' },
  body: {
    total: 3,
    customer: { name: 'Ada Lovelace', email: 'ada@example.org', vip: true },
    items: [
      { id: 1, name: 'Tea', price: 4.5, tags: ['green'] },
      { id: 2, name: 'Cup', price: 12, tags: [] },
      { id: 3, name: 'مفتاح', price: null, tags: ['a', 'b'] },
    ],
  },
}

const REACH: Reach = [
  { key: 'trigger', title: 'Start', kind: 'trigger', last: { name: 'Ada', day: '2026-11-20', seats: 2 } },
  {
    key: 'fetch',
    title: 'Fetch the orders',
    kind: 'node',
    schema: { type: 'object', properties: { status: { type: 'integer', title: 'Status' }, body: { title: 'Body' } } },
    last: LAST,
  },
  {
    key: 'summarize',
    title: 'Summarize',
    kind: 'node',
    schema: { type: 'object', properties: { text: { type: 'string', title: 'Answer' } } },
  },
  ...reserved({ turning: false, variables: { city: 'Bonn' } }),
]

/** The inspector alone, with a real server behind it: what a story types ends up in the text below. */
function Desk() {
  const { data } = useQuery(read(block, { params: { block: id } }))
  const [node, setNode] = useState<Node>(() => ({
    id: 'n1',
    key: 'node',
    block: id,
    version: 1,
    params: JSON.parse(asked.get('params') ?? '{}'),
  }))
  const [pinned, setPinned] = useState<unknown>(undefined)
  if (!data) return null
  const problems = JSON.parse(asked.get('problems') ?? '[]')
  return (
    <main className="flex min-h-dvh flex-col sm:flex-row sm:justify-end">
      <h1 className="sr-only">Desk</h1>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        data-testid="node"
        className="hidden max-h-dvh flex-1 overflow-auto p-6 text-xs text-muted lg:block"
      >
        {JSON.stringify(node, null, 2)}
      </pre>
      <div className="glass w-full border-l border-line sm:h-dvh sm:w-104">
        <Inspector
          node={node}
          block={data}
          reach={REACH}
          problems={problems}
          pinned={pinned}
          onPin={setPinned}
          last={{
            at: new Date().toISOString(),
            input: node.params,
            output: LAST,
            took: 1234,
            cost: null,
            lines: ['called the service'],
          }}
          onChange={setNode}
          onClose={() => {}}
          taken={['fetch']}
          tool={asked.has('tool')}
          disabled={asked.has('disabled')}
          timezone="Europe/Berlin"
        />
      </div>
    </main>
  )
}

await startWords()
createRoot(document.getElementById('root') ?? document.body).render(
  <QueryClientProvider client={queries}>
    <CSPProvider disableStyleElements>
      <Tooltip.Provider>
        <Toasts>
          <Suspense>
            <Desk />
          </Suspense>
        </Toasts>
      </Tooltip.Provider>
    </CSPProvider>
  </QueryClientProvider>,
)
