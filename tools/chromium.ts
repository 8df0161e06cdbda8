import { run } from './child.ts'
import { onPath } from './machine.ts'
import type { Service } from './services.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'Google Chrome', 'Chromium']
const FOLDERS = ['/Applications/Google Chrome.app/Contents/MacOS', '/Applications/Chromium.app/Contents/MacOS']

/** A Chromium that is installed. Ubuntu's package is only an advice to install a snap, so it has to say its version. */
export const chromium: Service = {
  name: 'Chromium',
  variable: 'CHROMIUM_PATH',
  parts: ['e2e'],
  packages: ['chromium', 'fonts-liberation', 'fonts-noto-color-emoji'],
  async find() {
    const file = await onPath(NAMES, FOLDERS)
    return file !== null && (await run(file, ['--version'])).code === 0 ? file : null
  },
}
