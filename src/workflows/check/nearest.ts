/** Longer names are not compared: nobody mistypes them by two letters and means another. */
const LONGEST = 64

/** The name that was probably meant: the nearest by letters changed, left out, added or swapped; null when none is near. */
export function nearest(name: string, names: Iterable<string>): string | null {
  if (name.length > LONGEST) return null
  let best: string | null = null
  let least = Math.max(1, Math.floor(name.length / 3)) + 1
  for (const one of names) {
    if (one.length > LONGEST || Math.abs(one.length - name.length) >= least) continue
    const far = distance(name.toLowerCase(), one.toLowerCase())
    // Of a single letter every other one would be as near.
    if (far < least && far < name.length) [best, least] = [one, far]
  }
  return best
}

/** How many letters have to be changed, left out, added or swapped with the next one. */
function distance(from: string, to: string): number {
  let before: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (let row = 1; row <= from.length; row += 1) {
    const here = [row]
    for (let at = 1; at <= to.length; at += 1) {
      const same = from[row - 1] === to[at - 1]
      const swapped = row > 1 && at > 1 && from[row - 1] === to[at - 2] && from[row - 2] === to[at - 1]
      here[at] = Math.min(
        (last[at] ?? 0) + 1,
        (here[at - 1] ?? 0) + 1,
        (last[at - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[at - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    ;[before, last] = [last, here]
  }
  return last[to.length] ?? 0
}
