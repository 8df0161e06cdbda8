import { z } from 'zod'

/** How a long text is worked on. */
export const long = {
  pieceTokens: z.int().min(50).max(200_000).default(6_000).meta({
    title: 'Tokens of a piece',
    description: 'A longer text is cut into pieces between paragraphs. A token is about four letters.',
    section: 'Long texts',
    advanced: true,
  }),
  atOnce: z.int().min(1).max(20).default(4).meta({
    title: 'Pieces at once',
    description: 'More is faster, and sooner too many for the provider.',
    section: 'Long texts',
    advanced: true,
  }),
}
