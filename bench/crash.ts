import { stop, temporaryFolder } from '../tools/child.ts'
import { prove } from '../tools/prove.ts'

const seed = Number(process.env.SEED ?? process.hrtime.bigint() % 2_147_483_647n)
const kills = Number(process.argv[2] ?? 50)
console.log(`Killing a server ${kills} times under load. SEED=${seed}`)
const proof = await prove({ folder: temporaryFolder('promptpilot-proof'), kills, rate: 400, seed, life: [500, 3_000] })
console.table(proof)
await stop()
const sound = proof.lost + proof.repeated + proof.unexplained === 0
console.log(
  sound
    ? `Nothing was lost and nothing that was done was repeated: ${proof.accepted} accepted (${Math.round(proof.accepted / proof.seconds)} a second over all), ${proof.finished} finished, ${proof.explained} calls made again because their result was not on disk.`
    : 'Something was lost or repeated.',
)
process.exit(sound ? 0 : 1)
