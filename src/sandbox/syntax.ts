import { Script } from 'node:vm'

/** What is wrong with code, and in which of its lines; 0 where no line can be named. */
export type Mistake = { message: string; line: number }

/** Reads code as the body of an async function of `input`, without running it; null when it can be run. */
export function checkScript(code: string): Mistake | null {
  const wrapped = `(async (input) => {${code}\n})`
  try {
    new Script(wrapped, { filename: 'code.js' })
    // A brace too many would end the function early, and what follows could make it whole again.
    Reflect.construct(AsyncFunction, ['input', code])
    return null
  } catch (error) {
    if (error instanceof SyntaxError) return mistakeOf(error, code)
    return { message: 'The code is nested too deeply to be read', line: 0 }
  }
}

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor

function mistakeOf({ message, stack = '' }: SyntaxError, code: string): Mistake {
  const line = Number(/^code\.js:(\d+)/.exec(stack)?.[1] ?? 0)
  const lines = code.split('\n').length
  if (line > lines) return { message: 'SyntaxError: the code ends too early; something is missing or not closed', line: lines }
  if (/import statement|import declarations|Cannot use 'import/.test(message))
    return { message: 'There is no import in code', line }
  return { message: line === 0 ? 'SyntaxError: there is one } or ) too many' : `SyntaxError: ${message}`, line }
}
