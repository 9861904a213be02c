// What an attack is, and the two tests that each one gets: it gains nothing, and it succeeds when the checks that stop it are taken out.
import { readFileSync } from 'node:fs'
import { describe, it } from 'vitest'
import { copyBroken } from '../flow/broken-bff.ts'
import type { Breakage } from '../stack/copied-sources.ts'
import { createScene, type IdentityKind, type Scene, type SceneOptions } from './scene.ts'

/** A check of the BFF, and the edits of its source that take it out. */
export interface Check {
  readonly name: string
  readonly edits: readonly Breakage[]
}

export interface Attack {
  /** What the attacker does, as part of a sentence. */
  readonly does: string
  /** The checks that stop it, by how the BFF learns who is asking: only these are played. More than one when each alone would do. */
  readonly stoppedBy: Readonly<Partial<Record<IdentityKind, readonly Check[]>>>
  readonly scene?: SceneOptions
  /** Plays attacker and victim; what the attacker has gained. Empty: the attack has failed. */
  readonly play: (scene: Scene) => Promise<readonly string[]>
  /** What `play` answers without the checks, in any order. Default: anything. */
  readonly gains?: readonly string[] | Readonly<Partial<Record<IdentityKind, readonly string[]>>>
}

/** Of which next to nothing is used, unless the machine is busy with much else. */
const TIMEOUT_MS = 60_000

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** @param title first cell of a row of the README's table of attacks. */
export function testAttacks(title: string, attacks: readonly Attack[]): void {
  describe(`Attack: ${title}`, () => {
    it('has a row in the README', ({ expect }) => {
      expect(new RegExp(`^\\| ${title} +\\|`, 'm').test(README)).toBe(true)
    })

    for (const { attack, identity, checks } of listPlays(attacks)) {
      const name = `${attack.does}, with ${identity === 'session' ? 'host sessions' : 'connect tokens'}`
      const names = checks.map((check) => check.name).join(' and ')

      it.concurrent(`${name}: gains nothing`, { timeout: TIMEOUT_MS }, async ({ expect }) => {
        expect(await playOnce(attack, identity)).toEqual([])
      })

      it.concurrent(
        `${name}: succeeds without ${names}`,
        { timeout: TIMEOUT_MS },
        async ({ expect, onTestFinished }) => {
          const edits = checks.flatMap((check) => check.edits)
          const gains = await playOnce(attack, identity, copyBroken(edits, onTestFinished))
          const expected = expectedGains(attack, identity)
          if (expected === undefined) expect(gains).not.toEqual([])
          else expect(gains.toSorted()).toEqual(expected.toSorted())
        },
      )
    }
  })
}

function expectedGains({ gains }: Attack, identity: IdentityKind): readonly string[] | undefined {
  return gains === undefined || isList(gains) ? gains : gains[identity]
}

/** `Array.isArray` alone does not tell a list that may only be read from other objects. */
function isList(value: object): value is readonly string[] {
  return Array.isArray(value)
}

interface Play {
  readonly attack: Attack
  readonly identity: IdentityKind
  readonly checks: readonly Check[]
}

function listPlays(attacks: readonly Attack[]): readonly Play[] {
  const kinds: readonly IdentityKind[] = ['session', 'token']
  return attacks.flatMap((attack) =>
    kinds.flatMap((identity) => {
      const checks = attack.stoppedBy[identity]
      return checks === undefined ? [] : [{ attack, identity, checks }]
    }),
  )
}

async function playOnce(
  attack: Attack,
  identity: IdentityKind,
  directory?: string,
): Promise<readonly string[]> {
  const scene = await createScene(identity, attack.scene, directory)
  try {
    return await attack.play(scene)
  } finally {
    await scene.close()
  }
}
