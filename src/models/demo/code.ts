import { isObject } from '#sdk/given.ts'
import { kindOf } from './check.ts'

const MOST = 12

/** What can be said of code or JSON without understanding it: what is named in it. */
export function explain(text: string, german: boolean): string {
  const value = jsonIn(text)
  if (value !== undefined) return ofJson(value, german)
  const names = (form: RegExp) =>
    [...new Set([...text.matchAll(form).take(200)].map(match => match[1] ?? ''))].filter(name => name !== '').slice(0, MOST)
  const found = [
    [
      german ? 'Funktionen' : 'functions',
      names(/\b(?:function\*?|def|fn|func|sub)\s+([\p{L}_$][\p{L}\d_$]{0,80})|/gu).concat(
        names(
          /\b(?:const|let|var)\s+([\p{L}_$][\p{L}\d_$]{0,80})\s{0,5}=\s{0,5}(?:async\s{0,5})?(?:\([^()\n]{0,200}\)|[\p{L}_$]{1,40})\s{0,5}=>/gu,
        ),
      ),
    ],
    [german ? 'Klassen' : 'classes', names(/\b(?:class|interface|struct|trait|enum)\s+([\p{L}_$][\p{L}\d_$]{0,80})/gu)],
    [german ? 'holt sich' : 'imports', names(/\b(?:from|import|require\()\s{0,5}['"]([^'"\n]{1,100})['"]/g)],
    [german ? 'Tabellen' : 'tables', names(/\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+([\p{L}_][\p{L}\d_.]{0,80})/gu)],
  ] as const
  const named = found.filter(([, list]) => list.length > 0).map(([what, list]) => `${what}: ${list.join(', ')}`)
  const lines = text.split('\n').filter(line => line.trim() !== '').length
  const rest = named.length > 0 ? ` ${named.join('; ')}.` : ''
  return german
    ? `Das sind ${lines} Zeilen.${rest} Was sie tun, weiß eine Demo nicht.`
    : `These are ${lines} lines.${rest} What they do, a demo does not know.`
}

function jsonIn(text: string): unknown {
  const start = text.search(/[[{]/)
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'))
  try {
    return start < 0 || end < start ? undefined : JSON.parse(text.slice(start, end + 1))
  } catch {
    return undefined
  }
}

function ofJson(value: unknown, german: boolean): string {
  if (Array.isArray(value)) {
    const inside = isObject(value[0]) ? ` ${keysOf(value[0], german)}` : ''
    return german
      ? `Das ist eine Liste mit ${value.length} Einträgen.${inside}`
      : `This is a list of ${value.length} entries.${inside}`
  }
  return isObject(value) ? `${german ? 'Das ist ein Objekt.' : 'This is an object.'} ${keysOf(value, german)}` : kindOf(value)
}

function keysOf(value: Record<string, unknown>, german: boolean): string {
  const all = Object.entries(value)
  const named = all
    .slice(0, MOST)
    .map(([key, one]) => `${key} (${isObject(one) ? `object: ${Object.keys(one).slice(0, MOST).join(', ')}` : kindOf(one)})`)
  const more = all.length > MOST ? ', …' : ''
  return `${german ? 'Es hat die Schlüssel' : 'It has the keys'} ${named.join(', ')}${more}.`
}
