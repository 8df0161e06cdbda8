import type { Given } from '#http/serve.ts'
import { agent } from './agent.ts'
import { approve } from './approve.ts'
import type * as contract from './contract.ts'
import { mail } from './mail.ts'
import { type Say, show, type Tongue } from './template.ts'
import { translate } from './translate.ts'

const sayIn =
  (language: Tongue): Say =>
  (english, german) =>
    language === 'de' ? german : english

/** Lists the workflows to begin with. */
export function templates({ query }: Given<typeof contract.templates>) {
  const say = sayIn(query.language)
  return { items: [mail, translate, agent, approve].map(template => show(template(say))), next: null }
}
