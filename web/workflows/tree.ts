import type { Reply } from '#http/contract.ts'
import { DEEPEST, type folders } from '#workflows/folders/contract.ts'

/** A folder as the server tells of it. */
export type Folder = Reply<typeof folders>['items'][number]

/** A folder in the tree: how deep it stands, and how many levels stand in it, itself included. */
export type Branch = { folder: Folder; depth: number; height: number }

/** The folders as a tree, read from top to bottom; those of one folder by name. */
export function treeOf(folders: readonly Folder[], language = 'en'): Branch[] {
  const known = new Set(folders.map(({ id }) => id))
  const { compare } = new Intl.Collator(language, { numeric: true })
  const under = (parent: string | null) =>
    folders
      .filter(({ parentId }) => (parentId !== null && known.has(parentId) ? parentId : null) === parent)
      .toSorted((one, other) => compare(one.name, other.name))
  const walk = (parent: string | null, depth: number): Branch[] =>
    under(parent).flatMap(folder => {
      const inside = walk(folder.id, depth + 1)
      const height = inside.reduce((most, branch) => Math.max(most, branch.depth - depth + 1), 1)
      return [{ folder, depth, height }, ...inside]
    })
  return walk(null, 0)
}

/** The folders a folder stands in, from the top down, itself last. */
export function wayTo(folders: readonly Folder[], id: string | undefined): Folder[] {
  const way: Folder[] = []
  for (let at = id; at !== undefined && way.length <= DEEPEST; ) {
    const folder = folders.find(one => one.id === at)
    if (!folder || way.includes(folder)) break
    way.unshift(folder)
    at = folder.parentId ?? undefined
  }
  return way
}

/** Where a folder can go: not into itself, nor into what stands in it, nor too deep. */
export function homesFor(branches: readonly Branch[], id: string): Branch[] {
  const moved = branches.find(({ folder }) => folder.id === id)
  const folders = branches.map(({ folder }) => folder)
  return branches.filter(
    ({ folder, depth }) => !wayTo(folders, folder.id).some(one => one.id === id) && depth + 1 + (moved?.height ?? 1) <= DEEPEST,
  )
}
