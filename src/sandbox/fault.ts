import { Fault } from '#errors.ts'
import type { Ending } from './engine.ts'
import type { Failure } from './prelude.ts'
import { checkScript } from './syntax.ts'

/** Names that people expect, and what there is instead. */
const ABSENT: [RegExp, string][] = [
  [/^(fetch|XMLHttpRequest|WebSocket|EventSource|axios|\$http)$/, 'use an HTTP request node'],
  [/^(setTimeout|setInterval|setImmediate)$/, 'use a Wait node'],
  [
    /^(require|module|exports|process|Buffer|__dirname|__filename)$/,
    'it is plain JavaScript, without packages, files and processes',
  ],
  [/^(window|document|localStorage|sessionStorage|navigator|alert|location)$/, 'it does not run in a browser'],
  [/^(\$json|\$input|\$node|\$items|items|item|\$)$/, 'what the node is given is in `input`'],
  [/^global$/, 'use globalThis'],
]

const megabytes = (bytes: number) => `${Math.ceil(bytes / 100_000) / 10} MB`

/** What the author of the code is told about how it ended. */
export function faultOf(ending: Ending, { code, timeout, memory }: { code: string; timeout: number; memory: number }): Fault {
  switch (ending.why) {
    case 'timeout':
      return new Fault('script.timeout', { message: `The code was stopped after ${timeout / 1000} s.` })
    case 'memory':
      return new Fault('script.memory', { message: `The code needs more than the ${memory} MB of memory it may use.` })
    case 'endless':
      return new Fault('script.failed', { message: 'The code waits for a promise that nothing will ever fulfil.' })
    case 'large':
      return new Fault('script.too_large', {
        message: `What the code returns has ${megabytes(ending.size)}; 10 MB can be passed on.`,
      })
    case 'unfit': {
      const where =
        ending.at === '' ? 'What the code returns' : `What the code returns has at \`${ending.at.slice(0, 200)}\` something that`
      return new Fault('script.bad_result', { message: `${where} is not JSON: it is ${ending.what}.` })
    }
    case 'syntax':
    case 'failed': {
      // QuickJS is short about mistakes of grammar, and lets a brace too many pass; V8 says what is wrong and finds more often where.
      const mistake = ending.why === 'syntax' || ending.error.line === 0 ? checkScript(code) : null
      if (mistake) return said('script.syntax', code, { name: '', ...mistake }, '')
      return said(ending.why === 'syntax' ? 'script.syntax' : 'script.failed', code, ending.error, hint(ending.error))
    }
  }
}

function said(kind: 'script.failed' | 'script.syntax', code: string, { name, message, line }: Failure, more: string): Fault {
  const what = `${name === '' ? '' : `${name}: `}${message.slice(0, 2_000) || 'an error without a message'}`
  const text = code.split('\n')[line - 1]?.trim().slice(0, 200)
  return new Fault(kind, {
    message: `${what}${line > 0 ? ` (line ${line})` : ''}${more && `. ${more}.`}`,
    details: text ? [{ path: `line ${line}`, message: text }] : [],
  })
}

function hint({ name, message }: Failure): string {
  if (/could not load module|module loader/i.test(message))
    return 'There is no import in code; it is plain JavaScript, without packages'
  if (name === 'RangeError' && /call stack/.test(message))
    return 'A function calls itself without an end, or a value is nested too deeply'
  const absent = name === 'ReferenceError' ? /^'?([\w$]+)'? is not defined/.exec(message)?.[1] : undefined
  const instead = absent === undefined ? undefined : ABSENT.find(([names]) => names.test(absent))?.[1]
  return instead === undefined ? '' : `There is no ${absent} in code; ${instead}`
}
