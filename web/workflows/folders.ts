import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { folders } from '#workflows/folders/contract.ts'
import { callWith } from '../api.ts'
import { type Branch, type Folder, treeOf } from './tree.ts'

/** More pages of folders than this are not read. */
const MOST = 20

/** Every folder of the workspace, as a list and as a tree. */
export function useFolders(): { list: Folder[]; tree: Branch[]; isPending: boolean } {
  const { i18n } = useTranslation()
  const { data = [], isPending } = useQuery({
    queryKey: [folders.path, 'all'],
    async queryFn({ signal }) {
      const found: Folder[] = []
      let cursor: string | null = ''
      for (let page = 0; cursor !== null && page < MOST; page += 1) {
        const query: Record<string, string> = { kind: 'workflows', limit: '200', ...(cursor ? { cursor } : {}) }
        const { items, next }: { items: Folder[]; next: string | null } = await callWith(folders, { query }, { signal })
        found.push(...items)
        cursor = next
      }
      return found
    },
    select: list => list,
  })
  return { list: data, tree: treeOf(data, i18n.language), isPending }
}
