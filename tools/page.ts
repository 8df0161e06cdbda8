/** A page that is printed from the source. */
export const page = (title: string, source: string, intro: string, body: string[]) =>
  `# ${title}\n\n<!-- Printed from ${source} by \`npm run docs\`; change it there. -->\n\n${intro}\n\n${body.join('\n').replace(/\n+$/, '')}\n`

/** A text as it may stand in a cell of a table. */
export const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
