import { budget } from './budget.ts'
import { crowd } from './crowd.ts'
import { code, each, nodes, once } from './engine.ts'
import { cold, login, rate } from './frame.ts'
import { accepted, webhook } from './hook.ts'
import { body, flat, memory } from './memory.ts'
import { model } from './model.ts'
import type { Piece } from './piece.ts'
import { schedule } from './schedule.ts'
import { stored } from './stored.ts'

/** Everything that is measured. */
export const pieces: Piece[] = [
  cold,
  memory,
  rate,
  login,
  webhook,
  accepted,
  crowd,
  nodes,
  once,
  code,
  each,
  body,
  flat,
  stored,
  model,
  budget,
  schedule,
]
