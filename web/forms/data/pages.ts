/** So many letters of a long text are shown at once. */
const PAGE = 20_000

/** A text in pages, cut at the end of a line where there is one near. */
export function pagesOf(text: string, size = PAGE): { from: number; to: number }[] {
  const pages: { from: number; to: number }[] = []
  for (let from = 0; from < text.length; ) {
    const end = Math.min(text.length, from + size)
    const line = end < text.length ? text.lastIndexOf('\n', end) : -1
    // Not so early that the page would be small, and never through the middle of a letter of two halves.
    let to = line > from + size / 2 ? line + 1 : end
    if (to < text.length && /[\uD800-\uDBFF]/.test(text.charAt(to - 1))) to -= 1
    pages.push({ from, to })
    from = to
  }
  return pages.length > 0 ? pages : [{ from: 0, to: 0 }]
}
