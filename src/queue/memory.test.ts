import { memoryQueue } from './memory.ts'
import { behaves } from './queue.contract.ts'

behaves('memory', async () => memoryQueue())
