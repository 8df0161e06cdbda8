import { Refused } from '#sdk/fail.ts'

/** What is taken of a page. */
export type PickField = { name: string; selector: string; what: 'text' | 'html' | 'attribute'; attribute: string; all: boolean }

/** What was found. */
export type Picked = Record<string, unknown>

/** Takes fields of a page; with `each`, of every element that fits it. */
export async function pick(html: string, each: string | undefined, fields: readonly PickField[]): Promise<Picked | Picked[]> {
  const { parse } = await import('node-html-parser')
  const page = parse(html)
  type Element = typeof page
  const find = (within: Element, selector: string): Element[] => {
    try {
      return within.querySelectorAll(selector)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new Refused(
        'input.invalid',
        `“${selector.slice(0, 80)}” is no CSS selector: ${why.slice(0, 200)}. Write one like h1, .price or a[href].`,
      )
    }
  }
  const takenOf = (element: Element, { what, attribute }: PickField): string | null => {
    if (what === 'attribute') return element.getAttribute(attribute) ?? null
    return what === 'html' ? element.innerHTML.trim() : element.textContent.replace(/\s+/g, ' ').trim()
  }
  const read = (within: Element): Picked =>
    Object.fromEntries(
      fields.map(field => {
        const found = field.selector === '' ? [within] : find(within, field.selector)
        const [first] = found
        return [field.name, field.all ? found.map(one => takenOf(one, field)) : first ? takenOf(first, field) : null]
      }),
    )
  return each === undefined ? read(page) : find(page, each).map(read)
}
