/** Lets large things in as far as there is room for them, in the order in which they came. */
export type Room = {
  /** Kept when there is room. Answers with how to leave, which may be called more than once. */
  enter(size: number): Promise<() => void>
}

/** A room of so many bytes. What is larger than the whole room goes alone. */
export function makeRoom(most: number): Room {
  const line: { size: number; go: () => void }[] = []
  let used = 0

  function next(): void {
    for (let first = line[0]; first && (used === 0 || used + first.size <= most); first = line[0]) {
      line.shift()
      used += first.size
      first.go()
    }
  }

  return {
    enter: size =>
      new Promise(resolve => {
        let inside = true
        const leave = () => {
          if (!inside) return
          inside = false
          used -= size
          next()
        }
        line.push({ size, go: () => resolve(leave) })
        next()
      }),
  }
}
