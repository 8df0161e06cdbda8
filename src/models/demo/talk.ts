import { read } from './find.ts'
import type { Request } from './request.ts'
import { about } from './sentences.ts'
import { clip, plain } from './words.ts'

/** A short friendly answer out of what was said so far. */
export function chat({ whole, before }: Request, german: boolean): string {
  const mine = [...before.filter(({ who }) => who === 'user').map(({ text }) => text), whole]
  const name =
    mine
      .toReversed()
      .map(nameIn)
      .find(one => one !== '') ?? ''
  const earlier = mine.slice(0, -1)
  const to = name === '' ? '' : ` ${name}`
  if (/\b(?:my name|who am i|mein name|wie heisse ich|wer bin ich)\b/.test(plain(whole)) && nameIn(whole) === '')
    return german
      ? name === ''
        ? 'Ihren Namen haben Sie noch nicht gesagt.'
        : `Sie heißen ${name}, das haben Sie gesagt.`
      : name === ''
        ? 'You have not told me your name yet.'
        : `Your name is ${name}: you said so.`
  const [found = ''] = whole.trim().endsWith('?') ? about(whole, before.map(({ text }) => text).join('\n'), 1) : []
  if (found !== '') return german ? `Dazu wurde gesagt: „${found}“` : `This was said about it: “${found}”`
  const last = earlier.at(-1) ?? ''
  const said = clip(last.trim(), 200)
  if (german)
    return `Hallo${to}! ${last === '' ? '' : `Zuvor ging es um: „${said}“ `}Jetzt schreiben Sie: „${clip(whole.trim(), 300)}“ Eine Demo weiß nicht mehr als das, was hier steht.`
  return `Hello${to}! ${last === '' ? '' : `Before, you said: “${said}” `}Now you say: “${clip(whole.trim(), 300)}” A demo knows no more than what stands here.`
}

const nameIn = (text: string): string =>
  /\b(?:name is|I am|I'm|I’m|call me|ich hei(?:ß|ss)e|name ist|ich bin)\b/i.test(text) ? (read(text).people[0]?.value ?? '') : ''
