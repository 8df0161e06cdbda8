import type { Say, Template } from './template.ts'

const ORDERS = `const orders = {
  4711: { tea: 'Assam', shipped: '2026-05-02', state: 'on its way' },
  4712: { tea: 'Darjeeling', shipped: null, state: 'being packed' },
}
return orders[input.number] ?? { state: 'unknown' }`

/** Lets an agent find out what it is asked, with two tools. */
export const agent = (say: Say): Template => {
  const question = say(
    'Look up the order with the number 4711, then tell me the rules for a refund.',
    'Suche die Bestellung mit der Nummer 4711, dann nenne mir die Regeln für eine Erstattung.',
  )
  return {
    id: 'agent-tools',
    name: say('Ask an agent with tools', 'Einen Agenten mit Werkzeugen fragen'),
    about: say(
      'An agent answers a question of a customer. It decides by itself which of its tools it needs.',
      'Ein Agent beantwortet die Frage einer Kundin. Welches Werkzeug er dazu braucht, entscheidet er selbst.',
    ),
    icon: 'bot',
    nodes: [
      {
        key: 'ask',
        name: say('A question', 'Eine Frage'),
        block: 'manual.start',
        params: {
          fields: [{ name: 'question', title: say('Question', 'Frage'), type: 'longtext', required: true, default: question }],
        },
      },
      {
        key: 'agent',
        name: say('The agent', 'Der Agent'),
        block: 'ai.agent',
        params: {
          model: 'demo/writer',
          system: say(
            'You answer customers of a tea shop. Use your tools; do not guess.',
            'Du antwortest der Kundschaft eines Teeladens. Nutze deine Werkzeuge; rate nicht.',
          ),
          task: '{{ trigger.question }}',
          maxTurns: 6,
        },
      },
      {
        key: say('order', 'bestellung'),
        name: say('Look up an order', 'Bestellung nachsehen'),
        block: 'core.code',
        parent: 'agent',
        params: { code: ORDERS, input: { number: '{{ item.number }}' } },
        tool: {
          about: say('Looks up an order by its number.', 'Sucht eine Bestellung nach ihrer Nummer.'),
          input: {
            type: 'object',
            properties: {
              number: { type: 'integer', description: say('The number of the order.', 'Die Nummer der Bestellung.') },
            },
            required: ['number'],
          },
        },
      },
      {
        key: say('rules', 'regeln'),
        name: say('The rules for refunds', 'Regeln für Erstattungen'),
        block: 'data.template',
        parent: 'agent',
        params: {
          text: say(
            'Unopened tea can be sent back within 30 days. The money is back within a week.',
            'Ungeöffneter Tee kann 30 Tage lang zurückgeschickt werden. Das Geld ist binnen einer Woche zurück.',
          ),
        },
        tool: { about: say('The rules for a refund.', 'Die Regeln für eine Erstattung.') },
      },
      {
        key: 'reply',
        name: say('The answer', 'Die Antwort'),
        block: 'core.set',
        params: { fields: { question: '{{ trigger.question }}', answer: '{{ agent.text }}', turns: '{{ agent.turns }}' } },
      },
    ],
    edges: ['ask > agent', 'agent > reply'],
    example: { question },
  }
}
