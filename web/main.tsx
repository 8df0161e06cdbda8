import './ui/base.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import { App } from './app.tsx'
import { queries } from './query.ts'
import { startTheme } from './theme.ts'
import { startWords } from './words/words.ts'

// The content policy allows no code made from text, which is how schemas are sped up elsewhere.
z.config({ jitless: true })

startTheme()
await startWords()
createRoot(document.getElementById('root') ?? document.body).render(
  <QueryClientProvider client={queries}>
    <App />
  </QueryClientProvider>,
)
