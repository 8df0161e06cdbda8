/** The name of a file for something of this name: nothing a disk would refuse, and none twice. */
export function fileName(name: string, taken: Set<string>): string {
  const plain =
    [...name.normalize('NFC').toLowerCase()]
      .map(sign => (/[\p{L}\p{N}]/u.test(sign) ? sign : '-'))
      .join('')
      .replace(/-+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 80) || 'workflow'
  let found = plain
  for (let more = 2; taken.has(found); more += 1) found = `${plain}-${more}`
  taken.add(found)
  return `${found}.json`
}

/** What was pasted or read from files: a workflow, or several; null where it is no JSON of that kind. */
export function workflowsIn(text: string): Record<string, unknown>[] | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const list: unknown[] = Array.isArray(value) ? value : [value]
  const found = list.filter(
    (one): one is Record<string, unknown> => one !== null && typeof one === 'object' && !Array.isArray(one),
  )
  return found.length === list.length && found.length > 0 && found.every(one => Array.isArray(one.nodes)) ? found : null
}
