import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { CardData } from './flow.ts'

/** What a node is called when it is read out: its name, what it is, what is wrong with it, and how it stands. */
export function useLabel(): (data: CardData) => string {
  const { t } = useTranslation()
  return useCallback(
    ({ name, block, problems, state, node }: CardData) =>
      [
        name,
        block && block.title !== name ? block.title : null,
        node.disabled ? t('canvas.off') : null,
        problems.length > 0 ? t('canvas.problems.count', { count: problems.length }) : null,
        state ? t(`canvas.state.${state.is}`) : null,
      ]
        .filter(Boolean)
        .join(', '),
    [t],
  )
}
