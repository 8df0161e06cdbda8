import type { Say, Template } from './template.ts'

/** Writes something, and asks a person before it counts. */
export const approve = (say: Say): Template => {
  const facts = say(
    'New: green tea from Uji, 100 g for 14 euros. From Monday on, free shipping until the end of May.',
    'Neu: grüner Tee aus Uji, 100 g für 14 Euro. Ab Montag versandkostenfrei bis Ende Mai.',
  )
  return {
    id: 'ask-first',
    name: say('Draft a newsletter, ask before it counts', 'Newsletter entwerfen, vor dem Versand fragen'),
    about: say(
      'A model drafts; a person reads it and decides. Until then the workflow waits, for days if need be.',
      'Ein Modell entwirft; ein Mensch liest und entscheidet. So lange wartet der Workflow, auch tagelang.',
    ),
    icon: 'user-check',
    nodes: [
      {
        key: 'news',
        name: say('What is new', 'Was es Neues gibt'),
        block: 'manual.start',
        params: {
          fields: [{ name: 'facts', title: say('Facts', 'Fakten'), type: 'longtext', required: true, default: facts }],
        },
      },
      {
        key: 'draft',
        name: say('Draft', 'Entwurf'),
        block: 'ai.write',
        params: {
          model: 'demo/writer',
          prompt: say('Write a short newsletter about this.', 'Schreibe einen kurzen Newsletter darüber.'),
          text: '{{ trigger.facts }}',
        },
      },
      {
        key: 'ask',
        name: say('May it go out?', 'Darf er hinaus?'),
        block: 'core.approve',
        params: { title: say('May this newsletter go out?', 'Darf dieser Newsletter hinaus?'), message: '{{ draft.text }}' },
      },
      {
        key: 'out',
        name: say('It goes out', 'Er geht hinaus'),
        block: 'core.set',
        params: { fields: { text: '{{ draft.text }}', state: say('sent', 'verschickt') } },
      },
      {
        key: 'drop',
        name: say('It is dropped', 'Er wird verworfen'),
        block: 'core.set',
        params: { fields: { state: say('dropped', 'verworfen') } },
      },
    ],
    edges: ['news > draft', 'draft > ask', 'ask:approved > out', 'ask:rejected > drop'],
    example: { facts },
  }
}
