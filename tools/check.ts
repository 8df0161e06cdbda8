import { checks } from './checks.ts'

const { failed } = await checks()
process.exitCode = failed.length > 0 ? 1 : 0
