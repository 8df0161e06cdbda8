import { defineConfig } from '@playwright/test'

const asRoot = process.getuid?.() === 0
const path = process.env.CHROMIUM_PATH

/** The stories run one after another in the Chromium of this machine; a story that fails is not tried again. */
export default defineConfig({
  testDir: '.',
  outputDir: 'results/stories',
  workers: 1,
  retries: 0,
  timeout: 60_000,
  forbidOnly: true,
  reporter: [['line'], ['json', { outputFile: 'results/report.json' }]],
  use: {
    screenshot: 'only-on-failure',
    trace: 'off',
    launchOptions: {
      ...(path ? { executablePath: path } : {}),
      args: [
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        ...(asRoot ? ['--no-sandbox'] : []),
      ],
    },
  },
})
