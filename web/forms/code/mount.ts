import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  type Completion as Option,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { json, jsonParseLinter } from '@codemirror/lang-json'
import { bracketMatching, indentOnInput } from '@codemirror/language'
import { type Diagnostic, linter } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension } from '@codemirror/state'
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers, tooltips } from '@codemirror/view'
import { type Completion, complete } from '../complete.ts'
import type { Name } from '../script.ts'
import { shortOf } from '../short.ts'
import { holes } from './holes.ts'
import { look } from './look.ts'

type Given = {
  language: 'javascript' | 'json' | 'text'
  label: string
  about: string
  text: string
  readOnly: boolean
  onChange: (text: string) => void
  source: (text: string, cursor: number) => Completion | null
  names: () => readonly Name[]
}

/** An editor on the page. */
export type Mounted = { show: (text: string) => void; end: () => void }

/** Puts an editor into an element. */
export function mount(host: HTMLElement, given: Given): Mounted {
  const shadow = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  const over = makeOver()
  const view = new EditorView({
    parent: shadow,
    root: shadow,
    state: EditorState.create({ doc: given.text, extensions: [...extensions(given), tooltips({ parent: over.place })] }),
  })
  over.dress(shadow)
  return {
    show(text) {
      const before = view.state.doc.toString()
      if (before !== text) view.dispatch({ changes: { from: 0, to: before.length, insert: text } })
    },
    end() {
      view.destroy()
      over.end()
    },
  }
}

/** A place over the page for what is offered: panels cut off what reaches beyond them. */
function makeOver() {
  const host = document.createElement('div')
  Object.assign(host.style, { position: 'fixed', top: '0', left: '0', zIndex: '70' })
  const shadow = host.attachShadow({ mode: 'open' })
  const place = document.createElement('div')
  shadow.append(place)
  document.body.append(host)
  return {
    place,
    dress(like: ShadowRoot) {
      shadow.adoptedStyleSheets = [...like.adoptedStyleSheets]
    },
    end: () => host.remove(),
  }
}

function extensions({ language, label, about, readOnly, onChange, source, names }: Given): Extension[] {
  const isCode = language === 'javascript'
  return [
    ...SPOKEN[language](),
    history(),
    highlightSpecialChars(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightSelectionMatches(),
    search({ top: true }),
    holes,
    look,
    autocompletion({ override: isCode ? [nameSource(names)] : [holeSource(source)], icons: false }),
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap]),
    EditorView.lineWrapping,
    EditorState.readOnly.of(readOnly),
    EditorView.editable.of(!readOnly),
    EditorView.contentAttributes.of({ 'aria-label': label, 'aria-description': about }),
    EditorView.updateListener.of(update => {
      if (update.docChanged) onChange(update.state.doc.toString())
    }),
  ]
}

const SPOKEN: Record<Given['language'], () => Extension[]> = {
  javascript: () => [lineNumbers(), javascript()],
  json: () => [json(), linter(jsonLint)],
  text: () => [lineNumbers()],
}

const parseLint = jsonParseLinter()

/** Nothing is wrong with a box in which nothing stands. */
const jsonLint = (view: EditorView): Diagnostic[] => (view.state.doc.toString().trim() === '' ? [] : parseLint(view))

/** What `{{` offers inside of a text. */
const holeSource =
  (source: Given['source']) =>
  ({ state, pos }: CompletionContext): CompletionResult | null => {
    const text = state.doc.toString()
    const found = source(text, pos)
    if (!found) return null
    const options = found.options.map(
      (one): Option => ({
        label: one.is === 'value' ? one.spot.name : one.name,
        ...(one.is === 'value' && one.spot.last !== undefined ? { detail: shortOf(one.spot.last).slice(0, 60) } : {}),
        apply: (view, _option, _from, to) => {
          const before = view.state.doc.toString()
          const next = complete(before, { ...found, to }, one)
          view.dispatch({ changes: { from: 0, to: before.length, insert: next.text }, selection: { anchor: next.cursor } })
        },
      }),
    )
    return { from: pos, options, filter: false }
  }

/** The names that code knows, and what stands behind a point. */
const nameSource =
  (names: Given['names']) =>
  (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(/[\w.$]*$/)
    if (!word || (word.from === word.to && !context.explicit)) return null
    const at = word.text.lastIndexOf('.')
    const path = at === -1 ? '' : word.text.slice(0, at)
    const options = names()
      .filter(one => one.within === path)
      .map(
        ({ name, about, isFunction }): Option => ({
          label: name,
          ...(about ? { detail: about } : {}),
          type: isFunction ? 'function' : 'variable',
        }),
      )
    return options.length === 0 ? null : { from: word.from + at + 1, options, validFor: /^\w*$/ }
  }
