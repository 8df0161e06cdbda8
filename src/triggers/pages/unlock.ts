import { Fault } from '#errors.ts'
import type { Shell } from '#executions/shell.ts'
import type { Given } from '#http/serve.ts'
import type * as contract from './contract.ts'
import { demandForm, type Form } from './form.ts'
import { issue, same } from './token.ts'

/** Opens a form for who knows its password. */
export async function unlock(shell: Shell, { params, body }: Given<typeof contract.unlock>) {
  const it = await demandForm(shell, params.key)
  if (it.share.password && !same(body.password, await passwordOf(shell, it))) throw new Fault('form.wrong_password')
  return { token: issue(shell.world, 'opened', [it.key]) }
}

/** The password as it is kept. Where it is gone, nobody can know it. */
async function passwordOf({ world }: Shell, { workspace, credential }: Form): Promise<string> {
  try {
    const { password = '' } = credential === null ? {} : await world.vault.open(workspace, credential)
    if (password !== '') return password
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.code !== 'credential.not_found') throw cause
  }
  throw new Fault('form.wrong_password')
}
