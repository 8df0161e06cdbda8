/** Five columns, seven rows: only the letters that are needed. */
const LETTERS: Record<string, readonly string[]> = {
  D: ['####.', '#...#', '#...#', '#...#', '#...#', '#...#', '####.'],
  E: ['#####', '#....', '#....', '####.', '#....', '#....', '#####'],
  M: ['#...#', '##.##', '#.#.#', '#.#.#', '#...#', '#...#', '#...#'],
  O: ['.###.', '#...#', '#...#', '#...#', '#...#', '#...#', '.###.'],
  ',': ['.....', '.....', '.....', '.....', '..##.', '..##.', '..#..'],
  N: ['#...#', '##..#', '##..#', '#.#.#', '#..##', '#..##', '#...#'],
  T: ['#####', '..#..', '..#..', '..#..', '..#..', '..#..', '..#..'],
  A: ['.###.', '#...#', '#...#', '#####', '#...#', '#...#', '#...#'],
  I: ['.###.', '..#..', '..#..', '..#..', '..#..', '..#..', '.###.'],
  ' ': ['.....', '.....', '.....', '.....', '.....', '.....', '.....'],
}

/** How high letters are, and how wide with the gap behind them. */
export const TALL = 7
/** How wide a letter is with the gap behind it. */
export const WIDE = 6

/** The dots of a line of words, as columns and rows from its upper left corner. */
export const dotsOf = (words: string): { x: number; y: number }[] =>
  [...words].flatMap((letter, nth) =>
    (LETTERS[letter] ?? []).flatMap((row, y) => [...row].flatMap((dot, x) => (dot === '#' ? [{ x: nth * WIDE + x, y }] : []))),
  )
