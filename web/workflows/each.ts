/** What came of doing something to many: which were done, and why the others were not. */
export type Outcome<T> = { done: T[]; failed: { one: T; error: unknown }[] }

/** So many are under way at the same time. */
const AT_ONCE = 4

/** Does something to each of many, a few at a time; what fails stops none of the others. */
export async function each<T>(list: readonly T[], act: (one: T) => Promise<unknown>): Promise<Outcome<T>> {
  const outcome: Outcome<T> = { done: [], failed: [] }
  const rest = [...list]
  const work = async () => {
    for (let one = rest.shift(); one !== undefined; one = rest.shift())
      try {
        await act(one)
        outcome.done.push(one)
      } catch (error) {
        outcome.failed.push({ one, error })
      }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, list.length) }, work))
  return outcome
}
