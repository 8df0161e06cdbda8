import { defineConnector } from '#sdk/define.ts'
import { aggregate } from './aggregate.ts'
import { csv } from './csv.ts'
import { filter } from './filter.ts'
import { html } from './html.ts'
import { sort } from './sort.ts'
import { split } from './split.ts'
import { template } from './template.ts'
import { unique } from './unique.ts'
import { xml } from './xml.ts'

/** What is done with values between two nodes. */
export default defineConnector({
  id: 'data',
  title: 'Data',
  about: 'Filters, sorts, sums up and converts values.',
  blocks: [filter, sort, aggregate, split, unique, template, csv, html, xml],
})
