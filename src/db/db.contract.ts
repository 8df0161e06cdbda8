import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { Fault } from '#errors.ts'
import { isUnique } from './db.ts'
import { addMember, addUser, addWorkspace, lasts } from './last.contract.ts'
import type { Tables } from './tables.ts'
import type { Kind, TestDatabase } from './testing.ts'

/** What both databases must do alike; run against the real thing by `sqlite.test.ts` and `postgres.test.ts`. */
export function behaves(kind: Kind): void {
  suite(`a database (${kind.name})`, { skip: kind.skip }, () => {
    rows(kind)
    transactions(kind)
    lasts(kind)
  })
}

function rows(kind: Kind): void {
  let it: TestDatabase
  before(async () => {
    it = await kind.open()
  })
  after(() => it.close())

  test('gives back what was stored, to the last character', async () => {
    const texts = [
      '',
      ' ',
      "it's; --",
      '{"a":[1,null,"ü"]}',
      '👩‍👩‍👧 \u202eright to left\u202c',
      'ß\n\r\t',
      'x'.repeat(10_000_000),
    ]
    for (const [at, value] of texts.entries())
      await it.db
        .insertInto('facts')
        .values({ name: `text ${at}`, value })
        .execute()
    for (const [at, value] of texts.entries()) {
      const row = await it.db.selectFrom('facts').select('value').where('name', '=', `text ${at}`).executeTakeFirstOrThrow()
      assert.ok(row.value === value, `text ${at} came back different`)
    }
  })

  test('keeps numbers exact up to the largest safe one, and null apart from nothing', async () => {
    for (const at of [0, -1, 1_795_166_154_608, Number.MAX_SAFE_INTEGER]) {
      const id = await addWorkspace(it.db, { created_at: at })
      const row = await it.db.selectFrom('workspaces').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
      assert.deepEqual(row, { id, name: 'One', created_at: at, created_by: null, on_failure: null, quota: null })
    }
  })

  test('keeps flags and times as Better Auth needs them', async () => {
    const id = await addUser(it.db)
    const row = await it.db
      .selectFrom('users')
      .selectAll()
      .where('id', '=', id)
      .where('email_verified', '=', true)
      .executeTakeFirstOrThrow()
    const flags = kind.name === 'sqlite' ? [1, null] : [true, null]
    assert.deepEqual([row.email_verified, row.two_factor_enabled], flags)
    for (const time of [row.created_at, row.updated_at]) assert.equal(new Date(time).toISOString(), '2026-01-02T03:04:05.678Z')
  })

  test('refuses a number that would come back as another one', async () => {
    const id = await addWorkspace(it.db)
    await sql`update workspaces set created_at = 9007199254740993 where id = ${id}`.execute(it.db)
    await assert.rejects(it.db.selectFrom('workspaces').selectAll().where('id', '=', id).execute(), /too large/)
    await addWorkspace(it.db)
    await it.db.deleteFrom('workspaces').where('id', '=', id).execute()
    const rest = await it.db.selectFrom('workspaces').select('id').where('id', '=', id).execute()
    assert.deepEqual(rest, [], 'what was written after the failed read is seen')
  })

  test('counts and sums as numbers', async () => {
    const read = it.db.selectFrom('workspaces').select(({ fn }) => [fn.countAll().as('count'), fn.sum('created_at').as('sum')])
    const row = await read.where('id', '=', await addWorkspace(it.db, { created_at: 7 })).executeTakeFirstOrThrow()
    assert.deepEqual(row, { count: 1, sum: 7 })
  })

  test('refuses text with NUL, which PostgreSQL cannot store', async () => {
    const insert = it.db.insertInto('facts').values({ name: 'nul', value: 'a\0b' }).execute()
    await assert.rejects(insert, (error: Fault) => error.code === 'request.invalid')
  })

  test('tells a row that is there already from every other failure', async () => {
    const id = await addWorkspace(it.db)
    await assert.rejects(addWorkspace(it.db, { id }), isUnique)
    const email = `${id}@example.org`
    await addUser(it.db, email)
    await assert.rejects(addUser(it.db, email), isUnique)
    await assert.rejects(addMember(it.db, id, 'usr_nobody'), error => !isUnique(error))
    await assert.rejects(sql`select * from nowhere`.execute(it.db), error => !isUnique(error))
    assert.equal(isUnique(new Error('UNIQUE')), false)
  })

  test('takes away what belongs to a row that is taken away', async () => {
    const [workspace, user] = [await addWorkspace(it.db), await addUser(it.db)]
    await it.db.updateTable('workspaces').set({ created_by: user }).where('id', '=', workspace).execute()
    await addMember(it.db, workspace, user)
    await it.db.deleteFrom('users').where('id', '=', user).execute()
    const members = await it.db.selectFrom('members').selectAll().where('workspace_id', '=', workspace).execute()
    const left = await it.db.selectFrom('workspaces').select('created_by').where('id', '=', workspace).execute()
    assert.deepEqual([members, left], [[], [{ created_by: null }]])
  })

  test('reads what was just written, every time', async () => {
    for (let at = 0; at < 300; at += 1) {
      const id = await addWorkspace(it.db)
      assert.ok(await it.db.selectFrom('workspaces').select('id').where('id', '=', id).executeTakeFirst())
    }
  })

  test('puts a row in or changes the one that is there', async () => {
    const set = (value: string) =>
      it.db
        .insertInto('facts')
        .values({ name: 'set', value })
        .onConflict(on => on.column('name').doUpdateSet({ value }))
        .execute()
    await Promise.all([set('a'), set('b')])
    await set('c')
    const ignored = it.db
      .insertInto('facts')
      .values({ name: 'set', value: 'd' })
      .onConflict(on => on.doNothing())
    assert.equal((await ignored.executeTakeFirst()).numInsertedOrUpdatedRows, 0n)
    const row = await it.db.selectFrom('facts').select('value').where('name', '=', 'set').executeTakeFirst()
    assert.deepEqual(row, { value: 'c' })
  })

  test('says how many rows a change met, and gives them back when asked', async () => {
    const id = await addWorkspace(it.db)
    const rename = (from: string) =>
      it.db.updateTable('workspaces').set({ name: 'Two' }).where('id', '=', id).where('name', '=', from)
    assert.equal((await rename('One').executeTakeFirst()).numUpdatedRows, 1n)
    assert.equal((await rename('One').executeTakeFirst()).numUpdatedRows, 0n)
    assert.deepEqual(await rename('Two').returning(['id', 'name']).execute(), [{ id, name: 'Two' }])
    assert.equal((await it.db.deleteFrom('workspaces').where('id', '=', id).executeTakeFirst()).numDeletedRows, 1n)
  })

  test('lets one failing statement among many at once fail alone', async () => {
    const ids = Array.from({ length: 150 }, (_, at) => `many_${at % 120}`)
    const results = await Promise.allSettled(ids.map(id => addWorkspace(it.db, { id })))
    const failed = results.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))
    assert.equal(failed.length, 30)
    assert.ok(failed.every(isUnique))
    assert.equal((await it.db.selectFrom('workspaces').select('id').where('id', 'like', 'many%').execute()).length, 120)
  })

  test('orders and compares ids by their bytes, whatever language the server speaks', async () => {
    const ids = [
      'wsp_B',
      'wsp_a',
      'wsp_É',
      'wsp_A',
      'wsp-a',
      'wsp_ä',
      'wsp_1',
      'WSP_a',
      'wsp a',
      'wsp_aa',
      'wsp_😀',
      'wsp_\ufffd',
    ]
    const sorted = ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    for (const id of ids) await addWorkspace(it.db, { id, name: 'order' })
    const read = it.db.selectFrom('workspaces').select('id').where('name', '=', 'order').orderBy('id')
    assert.deepEqual(
      (await read.execute()).map(({ id }) => id),
      sorted,
    )
    for (const [at, id] of sorted.entries())
      assert.deepEqual((await read.where('id', '>', id).execute()).length, sorted.length - 1 - at, `after ${id}`)
  })

  test('writes groups whole or not at all, each for itself, and leaves out those whose condition does not hold', async () => {
    const { database, db } = it
    const mark = database.kind === 'postgres' ? (n: number) => `$${n}` : () => '?'
    const put = (name: string) => ({
      sql: `insert into facts (name, value) values (${mark(1)}, ${mark(2)})`,
      values: [name, 'v'],
    })
    const when = (name: string) => ({ sql: `update facts set value = 'w' where name = ${mark(1)}`, values: [name] })
    assert.deepEqual(await database.flush([[put('a')]]), ['written'])
    const outcomes = await database.flush([
      [put('b'), put('c')],
      [when('nobody'), put('n')],
      [put('d'), put('d')],
      [when('a'), put('e')],
    ])
    assert.deepEqual(outcomes.slice(0, 2), ['written', 'left out'])
    assert.ok(outcomes[2] instanceof Error && isUnique(outcomes[2]))
    assert.equal(outcomes[3], 'written')
    const rows = await db
      .selectFrom('facts')
      .select(['name', 'value'])
      .where('name', 'in', ['a', 'b', 'c', 'd', 'e', 'n'])
      .orderBy('name')
      .execute()
    assert.deepEqual(
      rows.map(row => `${row.name} ${row.value}`),
      ['a w', 'b v', 'c v', 'e v'],
    )
    assert.deepEqual(await database.flush([]), [])
  })

  test('writes what many flushes bring at once, in the order in which they came', async () => {
    const { database, db } = it
    const mark = database.kind === 'postgres' ? '$1' : '?'
    await db.insertInto('facts').values({ name: 'count', value: '' }).execute()
    for (let at = 0; at < 20; at += 1)
      assert.deepEqual(
        await database.flush([[{ sql: `update facts set value = value || ${mark} where name = 'count'`, values: [`${at} `] }]]),
        ['written'],
      )
    const { value } = await db.selectFrom('facts').select('value').where('name', '=', 'count').executeTakeFirstOrThrow()
    assert.equal(value, Array.from({ length: 20 }, (_none, at) => `${at} `).join(''))
  })

  test('checks itself by writing', async () => {
    await it.database.check()
    const row = await it.db.selectFrom('facts').select('value').where('name', '=', 'checked').executeTakeFirstOrThrow()
    assert.match(row.value, /^\d+$/)
  })

  test('has everything after it was closed and opened again', async () => {
    const id = await addWorkspace(it.db)
    await it.reopen()
    assert.ok(await it.db.selectFrom('workspaces').select('id').where('id', '=', id).executeTakeFirst())
  })
}

function transactions(kind: Kind): void {
  let it: TestDatabase
  before(async () => {
    it = await kind.open()
  })
  after(() => it.close())
  const names = async (like: string) =>
    (await it.db.selectFrom('facts').select('name').where('name', 'like', like).orderBy('name').execute()).map(row => row.name)
  const fact = (db: Kysely<Tables>, name: string) => db.insertInto('facts').values({ name, value: '0' }).execute()

  test('keeps all of a transaction or nothing, and lets the next one in after it threw', async () => {
    const broken = it.db.transaction().execute(async trx => {
      await fact(trx, 'half 1')
      throw new Error('no')
    })
    await assert.rejects(broken, /^Error: no$/)
    const failed = it.db.transaction().execute(async trx => {
      await fact(trx, 'half 2')
      await fact(trx, 'half 2')
    })
    await assert.rejects(failed, isUnique)
    await it.db.transaction().execute(async trx => {
      await fact(trx, 'whole 1')
      await fact(trx, 'whole 2')
    })
    assert.deepEqual([await names('half%'), await names('whole%')], [[], ['whole 1', 'whole 2']])
  })

  test('sees inside of a transaction what it wrote, and outside nothing of it before its end', async () => {
    await it.db.transaction().execute(async trx => {
      await fact(trx, 'inside')
      assert.ok(await trx.selectFrom('facts').select('name').where('name', '=', 'inside').executeTakeFirst())
      assert.deepEqual(await names('inside'), [])
    })
    assert.deepEqual(await names('inside'), ['inside'])
  })

  test('does not mix two transactions that go on at the same time', async () => {
    const slow = (name: string, end: () => void) =>
      it.db.transaction().execute(async trx => {
        for (const part of ['a', 'b', 'c']) {
          await fact(trx, `mix ${name}${part}`)
          await sleep(5)
        }
        end()
      })
    const fails = () => {
      throw new Error('no')
    }
    const results = await Promise.allSettled([
      slow('1', () => {}),
      slow('2', fails),
      slow('3', () => {}),
      fact(it.db, 'mix single'),
    ])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
    )
    assert.deepEqual(await names('mix%'), ['mix 1a', 'mix 1b', 'mix 1c', 'mix 3a', 'mix 3b', 'mix 3c', 'mix single'])
  })

  test('loses no increment of a counter that many change at once', async () => {
    await fact(it.db, 'counter')
    const add = async (trx: Kysely<Tables>) => {
      const value = sql<string>`cast(cast(value as integer) + 1 as text)`
      await trx.updateTable('facts').set({ value }).where('name', '=', 'counter').execute()
    }
    const readAndAdd = async (trx: Kysely<Tables>) => {
      const { value } = await trx
        .selectFrom('facts')
        .select('value')
        .where('name', '=', 'counter')
        .forUpdate()
        .executeTakeFirstOrThrow()
      await trx
        .updateTable('facts')
        .set({ value: String(Number(value) + 1) })
        .where('name', '=', 'counter')
        .execute()
    }
    const all = Array.from({ length: 90 }, (_, at) =>
      at % 3 === 0 ? add(it.db) : it.db.transaction().execute(at % 3 === 1 ? add : readAndAdd),
    )
    await Promise.all(all)
    const { value } = await it.db.selectFrom('facts').select('value').where('name', '=', 'counter').executeTakeFirstOrThrow()
    assert.equal(value, '90')
  })

  test('answers reads while a transaction is open', async () => {
    await it.db.transaction().execute(async trx => {
      await fact(trx, 'open')
      for (let at = 0; at < 20; at += 1) await names('open')
    })
  })
}
