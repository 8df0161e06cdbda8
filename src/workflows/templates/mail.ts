import type { Say, Template } from './template.ts'

/** Sorts what customers write, and drafts an answer. */
export const mail = (say: Say): Template => {
  const from = 'ann@example.org'
  const text = say(
    'I was charged twice on my last invoice. Please send the money back. Regards, Ann Miller',
    'Guten Tag, auf meiner letzten Rechnung wurde der Betrag doppelt abgebucht. Können Sie das Geld erstatten? Viele Grüße, Ann Miller',
  )
  const answer = (key: string, name: string, prompt: string) => ({
    key,
    name,
    block: 'ai.write',
    params: { model: 'demo/writer', prompt, text: '{{ trigger.text }}' },
  })
  const filed = (key: string, name: string, team: string, reply: string) => ({
    key,
    name,
    block: 'core.set',
    params: { fields: { team, from: '{{ trigger.from }}', reply } },
  })
  const money = say('Money', 'Rechnungen')
  const help = say('Technical help', 'Technik')
  return {
    id: 'sort-mail',
    name: say('Sort support mail', 'Support-Post sortieren'),
    about: say(
      'Somebody writes; a model says what it is about, drafts an answer, and hands it to the right team.',
      'Jemand schreibt; ein Modell sagt, worum es geht, entwirft eine Antwort und gibt sie an das richtige Team.',
    ),
    icon: 'mail',
    nodes: [
      {
        key: 'message',
        name: say('A message comes in', 'Eine Nachricht kommt'),
        block: 'manual.start',
        params: {
          fields: [
            { name: 'from', title: say('From', 'Von'), type: 'email', required: true, default: from },
            { name: 'text', title: say('Message', 'Nachricht'), type: 'longtext', required: true, default: text },
          ],
        },
      },
      {
        key: 'sort',
        name: say('What is it about?', 'Worum geht es?'),
        block: 'ai.classify',
        params: {
          model: 'demo/writer',
          text: '{{ trigger.text }}',
          classes: [
            {
              name: say('billing', 'Rechnung'),
              description: say('Invoices, prices and refunds.', 'Rechnungen, Preise, Geld und Erstattung.'),
            },
            {
              name: say('bug', 'Fehler'),
              description: say('Something crashes, fails or does not work.', 'Etwas stürzt ab oder funktioniert nicht.'),
            },
          ],
        },
      },
      answer(
        'refund',
        say('Answer about money', 'Antwort zum Geld'),
        say('Write a kind answer to this mail.', 'Schreibe eine freundliche Antwort auf diese Mail.'),
      ),
      answer(
        'fix',
        say('Answer about the fault', 'Antwort zum Fehler'),
        say(
          'Write a kind answer to this mail and ask for the version in use.',
          'Schreibe eine freundliche Antwort auf diese Mail und frage nach der Version.',
        ),
      ),
      filed('money', say('To the money team', 'An das Rechnungsteam'), money, '{{ refund.text }}'),
      filed('help', say('To the technicians', 'An die Technik'), help, '{{ fix.text }}'),
      filed('person', say('To a person', 'An einen Menschen'), say('Somebody has to look', 'Jemand muss es ansehen'), ''),
    ],
    edges: [
      'message > sort',
      `sort:${say('billing', 'Rechnung')} > refund`,
      `sort:${say('bug', 'Fehler')} > fix`,
      'sort:none > person',
      'refund > money',
      'fix > help',
    ],
    example: { from, text },
  }
}
