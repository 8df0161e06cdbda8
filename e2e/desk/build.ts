import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { PAGE_POLICY } from '../../src/http/headers.ts'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const OUT = fileURLToPath(new URL('../../node_modules/.cache/desk', import.meta.url))
const KINDS: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
}

/** Builds the page on which the inspector stands alone, as the product is built. */
export async function buildDesk(): Promise<void> {
  await build({
    configFile: false,
    root: HERE,
    base: '/desk/',
    logLevel: 'warn',
    plugins: [react(), tailwind()],
    build: { outDir: OUT, emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  })
}

/** Puts that page among those of the server, under the same content policy. */
export async function serveDesk(page: Page): Promise<void> {
  await page.route('**/desk/**', async route => {
    const path = new URL(route.request().url()).pathname.replace(/^\/desk\//, '') || 'index.html'
    const body = await readFile(`${OUT}/${path}`)
    await route.fulfill({
      body,
      headers: { 'content-type': KINDS[extname(path)] ?? 'application/octet-stream', 'content-security-policy': PAGE_POLICY },
    })
  })
}
