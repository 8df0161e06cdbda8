import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--info)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--success)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--warning)' },
  { tag: [tags.comment], color: 'var(--muted)', fontStyle: 'italic' },
  { tag: [tags.propertyName, tags.definition(tags.variableName), tags.function(tags.variableName)], color: 'var(--accent)' },
  { tag: tags.invalid, color: 'var(--danger)' },
])

const theme = EditorView.theme({
  '&': { color: 'var(--text)', fontSize: '0.8125rem', maxHeight: '28rem', outline: 'none' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--font-mono, "JetBrains Mono Variable"), ui-monospace, monospace',
    lineHeight: '1.6',
    overflow: 'auto',
  },
  '.cm-content': { padding: '0.5rem 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 0.75rem' },
  '.cm-gutters': { background: 'transparent', color: 'var(--muted)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 0 0 0.625rem', minWidth: '2rem' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--halo)',
  },
  '&.cm-focused .cm-matchingBracket': { background: 'var(--press)', outline: '1px solid var(--edge)' },
  '.cm-matchingBracket, .cm-nonmatchingBracket': { background: 'transparent' },
  '&.cm-focused .cm-nonmatchingBracket': { color: 'var(--danger)' },
  '.cm-selectionMatch': { background: 'var(--hover)' },
  '.cm-searchMatch': { background: 'var(--warning-soft)' },
  '.cm-hole': { background: 'var(--info-soft)', borderRadius: '3px', boxShadow: '0 0 0 1px var(--line)' },
  '.cm-tooltip': {
    background: 'var(--ground)',
    color: 'var(--text)',
    border: '1px solid var(--edge)',
    borderRadius: '0.625rem',
    overflow: 'hidden',
    zIndex: '70',
  },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'inherit', maxHeight: '14rem', padding: '0.25rem' },
  '.cm-tooltip-autocomplete > ul > li': { padding: '0.25rem 0.5rem !important', borderRadius: '0.375rem' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { background: 'var(--press) !important', color: 'var(--text) !important' },
  '.cm-completionDetail': { color: 'var(--muted)', fontStyle: 'normal' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
  '.cm-diagnostic': { padding: '0.375rem 0.625rem', borderLeft: 'none' },
  '.cm-panels': { background: 'var(--ground)', color: 'var(--text)', borderColor: 'var(--line)' },
  '.cm-textfield': { background: 'var(--well)', color: 'var(--text)', border: '1px solid var(--edge)', borderRadius: '0.375rem' },
  '.cm-button': { background: 'var(--hover)', color: 'var(--text)', border: '1px solid var(--edge)', borderRadius: '0.375rem' },
})

/** How code is drawn: with the colours of the product, so that it follows the theme. */
export const look: Extension = [theme, syntaxHighlighting(colours)]
