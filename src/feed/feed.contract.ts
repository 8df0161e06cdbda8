import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Feed } from './feed.ts'

/** How a feed of one process is opened. Two that are opened stand for two processes where the feed reaches that far. */
export type Kind = { name: string; far: boolean; open(): Promise<Feed> }

/** What every feed must do; run against the real thing by the test beside each. */
export function behaves(kind: Kind): void {
  suite(`a feed (${kind.name})`, () => {
    let feed: Feed
    let far: Feed
    before(async () => {
      feed = await kind.open()
      far = kind.far ? await kind.open() : feed
    })
    after(async () => {
      await feed.close()
      await far.close()
    })

    /** Counts the nudges of a topic. */
    function count(topic: string, at = feed) {
      const counted = { heard: 0, stop: () => {} }
      counted.stop = at.listen(topic, () => {
        counted.heard += 1
      })
      return counted
    }
    async function until(there: () => boolean): Promise<void> {
      for (let waits = 0; !there() && waits < 200; waits += 1) await sleep(10)
      assert.ok(there(), 'nobody was woken')
    }

    test('wakes whoever listens to the topic, and nobody else', async () => {
      const [one, two, other] = [count('a/1'), count('a/1', far), count('a/10')]
      feed.nudge('a/1')
      await until(() => one.heard > 0 && two.heard > 0)
      await sleep(30)
      assert.equal(other.heard, 0)
      for (const listener of [one, two, other]) listener.stop()
    })

    test('wakes again at every nudge that comes after the last was heard', async () => {
      const listener = count('again', far)
      for (let times = 1; times <= 20; times += 1) {
        feed.nudge('again')
        await until(() => listener.heard >= times)
      }
      listener.stop()
    })

    test('leaves alone whoever has stopped listening, however often they say so', async () => {
      const [gone, there] = [count('gone'), count('gone')]
      gone.stop()
      gone.stop()
      feed.nudge('gone')
      await until(() => there.heard > 0)
      assert.equal(gone.heard, 0)
      there.stop()
    })

    test('takes two listenings of one function for two', async () => {
      let heard = 0
      const hear = () => {
        heard += 1
      }
      const stops = [feed.listen('twice', hear), feed.listen('twice', hear)]
      feed.nudge('twice')
      await until(() => heard === 2)
      stops[0]?.()
      feed.nudge('twice')
      await until(() => heard === 3)
      await sleep(30)
      assert.equal(heard, 3)
      stops[1]?.()
    })

    test('may be listened to and left while it wakes', async () => {
      const late = { heard: 0, stop: () => {} }
      let heard = 0
      const stop = feed.listen('nested', () => {
        heard += 1
        stop()
        late.stop = feed.listen('nested', () => {
          late.heard += 1
        })
      })
      feed.nudge('nested')
      await until(() => heard === 1)
      feed.nudge('nested')
      await until(() => late.heard >= 1)
      assert.equal(heard, 1)
      late.stop()
    })

    test('knows topics with any name', async () => {
      for (const topic of ['', '__proto__', 'constructor', 'a b', '🦊', 'x'.repeat(1_000), '*', 'a/*', '\n']) {
        const listener = count(topic, far)
        feed.nudge(topic)
        await until(() => listener.heard > 0)
        listener.stop()
      }
    })

    test('does nothing for a topic that nobody listens to', () => feed.nudge('nobody'))

    test('passes words on in their order to all who hear the topic, and to nobody who only listens or hears another', async () => {
      const heard: string[] = []
      const all: string[] = []
      const other: string[] = []
      const counted = count('words')
      const stops = [
        far.hear('words', words => void heard.push(words)),
        feed.hear('words', words => void all.push(words)),
        feed.hear('words/2', words => void other.push(words)),
      ]
      const said = Array.from({ length: 100 }, (_none, at) => `${at} 🦊\n`)
      for (const words of said) feed.say('words', words)
      await until(() => heard.length === said.length && all.length === said.length)
      assert.deepEqual([heard, all, other, counted.heard], [said, said, [], 0])
      for (const stop of stops) stop()
      counted.stop()
      feed.say('words', 'nobody')
      await sleep(30)
      assert.equal(heard.length, said.length)
    })

    test('wakes nobody after it was closed', async () => {
      const own = await kind.open()
      const listener = count('closed', own)
      await own.close()
      own.nudge('closed')
      feed.nudge('closed')
      await sleep(30)
      assert.equal(listener.heard, 0)
      listener.stop()
      await own.close()
    })
  })
}
