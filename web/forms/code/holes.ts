import { Decoration, type EditorView, MatchDecorator, ViewPlugin, type ViewUpdate } from '@codemirror/view'

const marks = new MatchDecorator({ regexp: /\{\{.*?\}\}|\{%.*?%\}/g, decoration: Decoration.mark({ class: 'cm-hole' }) })

/** Marks templates. */
export const holes = ViewPlugin.define(
  (view: EditorView) => {
    let decorations = marks.createDeco(view)
    return {
      get decorations() {
        return decorations
      },
      update(update: ViewUpdate) {
        decorations = marks.updateDeco(update, decorations)
      },
    }
  },
  { decorations: it => it.decorations },
)
