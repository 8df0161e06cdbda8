import { read } from './find.ts'
import { sentencesOf, telling } from './sentences.ts'
import { clip } from './words.ts'

/** A draft of a reply: greets who wrote, says again what it is about, and leaves the answer to a person. */
export function answerMail(text: string): string {
  const { people, subject, language, labelled } = read(text)
  const name = people[0]?.value ?? ''
  const [about = ''] = telling(text, 1)
  const titled = labelled.some(({ words }) => words.includes('subject') || words.includes('betreff'))
  const questions = sentencesOf(text)
    .filter(one => one.endsWith('?'))
    .slice(0, 3)
  if (language === 'de')
    return [
      name === '' ? 'Guten Tag,' : `Guten Tag ${name},`,
      `vielen Dank für Ihre Nachricht${titled ? ` „${clip(subject, 120)}“` : ''}. Sie schreiben: „${about}“`,
      ...(questions.length > 0 ? [`Sie fragen: ${questions.map(one => `„${one}“`).join(' ')}`] : []),
      '(Hier fehlt die Antwort selbst: eine Demo kennt sie nicht.)',
      'Mit freundlichen Grüßen',
    ].join('\n\n')
  return [
    name === '' ? 'Hello,' : `Dear ${name},`,
    `thank you for your message${titled ? ` “${clip(subject, 120)}”` : ''}. You write: “${about}”`,
    ...(questions.length > 0 ? [`You ask: ${questions.map(one => `“${one}”`).join(' ')}`] : []),
    '(The answer itself is missing here: a demo does not know it.)',
    'Kind regards',
  ].join('\n\n')
}
