import { behaves } from './feed.contract.ts'
import { memoryFeed } from './memory.ts'

behaves({ name: 'memory', far: false, open: async () => memoryFeed() })
