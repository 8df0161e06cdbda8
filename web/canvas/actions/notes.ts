import { z } from 'zod'
import type { Drawing, Spot } from '../drawing.ts'
import { rounded } from './add.ts'

/** The colours of notes and groups. */
export const COLOURS = ['yellow', 'green', 'blue', 'pink', 'grey'] as const
const Colour = z.enum(COLOURS).catch('yellow')

const Note = z.looseObject({
  id: z.string(),
  x: z.number(),
  y: z.number(),
  width: z.number().min(40).catch(220),
  height: z.number().min(40).catch(140),
  text: z.string().catch(''),
  color: Colour,
})
const Group = z.looseObject({ id: z.string(), title: z.string().catch(''), color: Colour, nodes: z.array(z.string()) })

/** A colour of a note or group. */
export type Colour = z.output<typeof Colour>
/** A sticky note on the canvas. */
export type Note = z.output<typeof Note>
/** Nodes that are drawn together under a title; they mean the same as without it. */
export type Group = z.output<typeof Group>

const notes = new WeakMap<readonly unknown[], readonly Note[]>()
const groups = new WeakMap<readonly unknown[], readonly Group[]>()

/** The notes of a drawing. What other programs have left there and is no note stays where it is, unseen. */
export const notesOf = (drawing: Pick<Drawing, 'layout'>): readonly Note[] => parsed(drawing.layout.notes, Note, notes)

/** The groups of a drawing. */
export const groupsOf = (drawing: Drawing): readonly Group[] => parsed(drawing.layout.groups, Group, groups)

function parsed<T>(
  list: readonly unknown[],
  schema: z.ZodType<T>,
  known: WeakMap<readonly unknown[], readonly T[]>,
): readonly T[] {
  const found = known.get(list) ?? list.flatMap(one => schema.safeParse(one).data ?? [])
  known.set(list, found)
  return found
}

const withNotes = (drawing: Drawing, next: readonly Note[]): Drawing => ({
  ...drawing,
  layout: { ...drawing.layout, notes: [...next] },
})

/** Sticks a new note on the canvas. */
export const addNote = (drawing: Drawing, id: string, at: Spot): Drawing =>
  withNotes(drawing, [...notesOf(drawing), { id, ...rounded(at), width: 220, height: 140, text: '', color: 'yellow' }])

/** Changes the text, colour, place or size of a note. */
export function changeNote(drawing: Drawing, id: string, to: Partial<Omit<Note, 'id'>>): Drawing {
  const before = notesOf(drawing).find(note => note.id === id)
  if (!before || Object.entries(to).every(([name, value]) => before[name] === value)) return drawing
  return withNotes(
    drawing,
    notesOf(drawing).map(note => (note.id === id ? { ...note, ...to } : note)),
  )
}
