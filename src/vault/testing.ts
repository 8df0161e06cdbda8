import type { TestContext } from 'node:test'
import { type Config, readConfig } from '#config.ts'
import type { Kind, TestDatabase } from '#db/testing.ts'
import { sortableIds, systemClock } from '#ids.ts'
import { silent } from '#log.ts'
import { openVault, type Values, type Vault } from './vault.ts'

const ids = sortableIds(systemClock)

/** A database of one test with a vault on it. */
export type TestVault = {
  it: TestDatabase
  /** The settings of a server on this database; `key` and `previous` are PROMPTPILOT_KEY and PROMPTPILOT_KEY_PREVIOUS. */
  config(key?: string, previous?: string): Config
  open(config?: Config): Promise<Vault>
  workspace(name: string): Promise<string>
  /** Keeps a credential and answers with its id. */
  keep(vault: Vault, workspace: string, name: string, values: Values): Promise<string>
}

/** Makes a database and all that a test of the vault does with it. */
export async function placeVault(t: TestContext, kind: Kind): Promise<TestVault> {
  const it = await kind.open()
  t.after(() => it.close())
  const settings = { DATA_DIR: it.dir, DATABASE_URL: it.url ?? '' }
  const config = (key = '', previous = '') =>
    readConfig({ ...settings, PROMPTPILOT_KEY: key, PROMPTPILOT_KEY_PREVIOUS: previous })
  return {
    it,
    config,
    open: (given = config()) => openVault({ db: it.db, config: given, log: silent }),
    async workspace(name) {
      const id = ids.next('wsp')
      await it.db.insertInto('workspaces').values({ id, name, created_at: 1, created_by: null }).execute()
      return id
    },
    async keep(vault, workspace, name, values) {
      const id = ids.next('cred')
      const row = {
        id,
        workspace_id: workspace,
        name,
        kind: 'test',
        fields: JSON.stringify(Object.keys(values)),
        created_at: 1,
        created_by: null,
        updated_at: 1,
      }
      await it.db.transaction().execute(async trx => {
        const writer = await vault.write(trx)
        await trx
          .insertInto('credentials')
          .values({ ...row, ...writer.seal(workspace, id, values) })
          .execute()
      })
      return id
    },
  }
}
