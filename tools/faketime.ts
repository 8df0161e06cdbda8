import { existsSync } from 'node:fs'
import type { Service } from './services.ts'

/** Where systems put the library. The first is meant for programs with threads. */
const PLACES = ['x86_64-linux-gnu', 'aarch64-linux-gnu', ''].flatMap(machine =>
  ['libfaketimeMT.so.1', 'libfaketime.so.1'].map(name => ['/usr/lib', machine, 'faketime', name].filter(Boolean).join('/')),
)

/** The library that shows a program another time. */
export const faketime: Service = {
  name: 'libfaketime',
  variable: 'FAKETIME_PATH',
  parts: ['unit'],
  packages: ['faketime'],
  find: async () => PLACES.find(path => existsSync(path)) ?? null,
}
