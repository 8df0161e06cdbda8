import { z } from 'zod'
import { defineBlock } from '#sdk/define.ts'
import { type ApprovalField, pause } from '#sdk/ending.ts'
import { Refused } from '#sdk/fail.ts'
import { haveOwnNames, questionOf } from '#sdk/form.ts'
import { dueAt } from './moment.ts'

const Field = questionOf(['text', 'longtext', 'number', 'boolean', 'select', 'date'], {
  answer: 'The answer is then {{ approval.fields.name }}.',
  choices: ['select'],
})
  .refine(it => it.type !== 'select' || (it.options?.length ?? 0) > 0, 'A choice needs `options` to choose from.')
  .meta({ title: 'Question' })

/** Asks a person. */
export const approve = defineBlock({
  id: 'core.approve',
  version: 1,
  title: 'Ask for approval',
  about:
    'Asks people and waits for a decision. Goes on by “approved” or “rejected”, or by “expired” when nobody decides in time.',
  group: 'flow',
  icon: 'user-check',
  input: z.strictObject({
    title: z.string().min(1).max(200).meta({ title: 'Title', description: 'What is to be decided, in one line.' }),
    message: z
      .string()
      .max(20_000)
      .default('')
      .meta({ title: 'Message', description: 'What one must know to decide. Markdown.', ui: 'longtext' }),
    assignees: z.array(z.email()).max(50).default([]).meta({
      title: 'Who',
      description: 'E-mail addresses of members. Without any: whoever may operate workflows.',
      ui: 'members',
    }),
    fields: z
      .array(Field)
      .max(50)
      .default([])
      .refine(haveOwnNames, 'Two questions have the same name.')
      .meta({ title: 'Questions', description: 'What is asked beside yes and no.', ui: 'list' }),
    deadline: z.union([z.string(), z.number()]).optional().meta({
      title: 'Deadline',
      description: 'How long, such as 4h or 2d, or until which date. Without it, for as long as it takes.',
      ui: 'duration',
    }),
    reminder: z.union([z.string(), z.number()]).optional().meta({
      title: 'Reminder',
      description: 'After how long, or when, those who are asked are reminded.',
      ui: 'duration',
      advanced: true,
    }),
  }),
  output: z.unknown().meta({ title: 'Decision', description: 'The decision, who made it, the comment and the answers.' }),
  outlets: ['approved', 'rejected', 'expired'],
  effect: 'pure',
  example: {
    input: { title: 'Pay invoice 4711?', message: '99 € to Ada Ltd.', assignees: ['ada@example.org'], deadline: '2d' },
    output: {
      decision: 'approved',
      by: { id: 'usr_1', name: 'Ada', email: 'ada@example.org' },
      comment: '',
      fields: {},
      at: '2026-11-20T12:00:00.000Z',
    },
  },
  run({ title, message, assignees, fields, deadline, reminder }, { now, timezone }) {
    const until = deadline === undefined ? null : dueAt('deadline', deadline, timezone, now)
    const remindAt = reminder === undefined ? null : dueAt('reminder', reminder, timezone, now)
    if (until !== null && remindAt !== null && remindAt >= until)
      throw new Refused('input.invalid', '`reminder` is not before `deadline`: nobody would be reminded. Choose an earlier one.')
    const questions = fields.map(
      ({ options, default: first, ...one }): ApprovalField => ({
        ...one,
        title: one.title ?? one.name,
        ...(options ? { options } : {}),
        ...(first === undefined ? {} : { default: first }),
      }),
    )
    return pause({
      kind: 'approval',
      until,
      ask: { title, message, assignees: [...new Set(assignees)], fields: questions, remindAt },
    })
  },
})
