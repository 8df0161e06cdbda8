import type { Say, Template } from './template.ts'

/** Tells a text in short, and in another language. */
export const translate = (say: Say): Template => {
  const text = say(
    'The city council decided on Monday to build a new bridge over the river. The bridge will cost 12 million euros. Many residents are happy about the bridge because the old one is broken. Some shop owners fear that the building site will keep customers away. Work begins in May.',
    'Der Stadtrat hat am Montag beschlossen, eine neue Brücke über den Fluss zu bauen. Die Brücke wird 12 Millionen Euro kosten. Viele Anwohner freuen sich über die Brücke, weil die alte kaputt ist. Einige Ladenbesitzer fürchten, dass die Baustelle Kunden fernhält. Die Arbeit beginnt im Mai.',
  )
  const to = say('German', 'Englisch')
  return {
    id: 'summarise-translate',
    name: say('Summarise a text and translate it', 'Einen Text zusammenfassen und übersetzen'),
    about: say(
      'A long text goes in, the gist of it comes out: in its own language and in another.',
      'Ein langer Text geht hinein, das Wichtige kommt heraus: in seiner Sprache und in einer anderen.',
    ),
    icon: 'languages',
    nodes: [
      {
        key: 'given',
        name: say('The text', 'Der Text'),
        block: 'manual.start',
        params: {
          fields: [
            { name: 'text', title: 'Text', type: 'longtext', required: true, default: text },
            { name: 'to', title: say('Translate to', 'Übersetzen ins'), required: true, default: to },
          ],
        },
      },
      {
        key: 'short',
        name: say('In short', 'In Kürze'),
        block: 'ai.summarize',
        params: { model: 'demo/writer', text: '{{ trigger.text }}', length: 'short' },
      },
      {
        key: 'other',
        name: say('In the other language', 'In der anderen Sprache'),
        block: 'ai.translate',
        params: { model: 'demo/writer', text: '{{ short.text }}', to: '{{ trigger.to }}' },
      },
      {
        key: 'both',
        name: say('Both together', 'Beides zusammen'),
        block: 'core.set',
        params: { fields: { summary: '{{ short.text }}', translation: '{{ other.text }}' } },
      },
    ],
    edges: ['given > short', 'short > other', 'other > both'],
    example: { text, to },
  }
}
