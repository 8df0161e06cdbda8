import { useEffect } from 'react'

/** The title of the page in the browser's tab. */
export function Title({ children }: { children: string }) {
  useEffect(() => {
    document.title = `${children} · PromptPilot`
  }, [children])
  return null
}
