import './ui/base.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import { App } from './app.tsx'
import { keep, recall } from './keep.ts'
import { queries } from './query.ts'
import { startTheme } from './theme.ts'
import { startWords } from './words/words.ts'

// The content policy allows no code made from text, which is how schemas are sped up elsewhere.
z.config({ jitless: true })

// A new version has other file names: a page that was open before asks for ones that are gone. Once is enough.
addEventListener('vite:preloadError', event => {
  if (recall('reloaded', 'session')) return
  keep('reloaded', 'yes', 'session')
  event.preventDefault()
  location.reload()
})

startTheme()
await startWords()
createRoot(document.getElementById('root') ?? document.body).render(
  <QueryClientProvider client={queries}>
    <App />
  </QueryClientProvider>,
)
