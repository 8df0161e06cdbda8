/** A sentence in which `names` stand between backticks. */
export function Prose({ text }: { text: string }) {
  const parts = text.split('`')
  return parts.map((part, at) =>
    at % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never move
      <code key={at} className="rounded bg-hover px-1 py-px text-[0.92em]">
        {part}
      </code>
    ) : (
      part
    ),
  )
}
