// Ids of tenants and users that would run into each other if they were put together carelessly stay apart in limits, keys and rows.
import fc from 'fast-check'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { ConnectError } from '../../bff/errors.ts'
import { createFlowSecrets } from '../../bff/flow-secrets.ts'
import { parseClaims } from '../../bff/connect-token/claims.ts'
import { createTokenSigner } from '../../bff/connect-token/signer.ts'
import { identifyRequest } from '../../bff/identify.ts'
import { isStorableId } from '../../bff/identity-rules.ts'
import { createLimits } from '../../bff/limits.ts'
import { createSealer } from '../../bff/seal.ts'
import { Secret } from '../../bff/secret.ts'
import { openSqliteStorage } from '../../bff/storage/sqlite.ts'
import { createScenario } from '../storage/scenario.ts'

type Person = readonly [tenantId: string, userId: string]

const key = (person: Person): string => JSON.stringify(person)

/** Two people who are not the same, made of few pieces so that they are often nearly so. */
const pieces = fc.array(
  fc.constantFrom(
    'a',
    'A',
    'b',
    ':',
    '"',
    ',',
    '","',
    '[',
    ']',
    '\\',
    '/',
    '|',
    ' ',
    '\n',
    'é',
    'e\u0301',
    '💥',
    '__proto__',
  ),
  { minLength: 1, maxLength: 5 },
)
const id = fc
  .oneof(
    pieces.map((parts) => parts.join('')),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
  )
  .filter((text) => text.length <= 200 && isStorableId(text))
const twoPeople = fc
  .tuple(fc.tuple(id, id), fc.tuple(id, id), fc.constantFrom('shift', 'swap', 'none'))
  .map(([[tenantId, userId], other, change]): readonly [Person, Person] => {
    // The same characters, cut in two at another place, or the other way round.
    const shifted: Person = [tenantId + userId.slice(0, 1), userId.slice(1) || userId]
    const second = { shift: shifted, swap: [userId, tenantId], none: other } as const
    return [[tenantId, userId], second[change]]
  })
  .filter(([first, second]) => key(first) !== key(second))

const SEALER = createSealer([new Secret(Buffer.alloc(32, 3).toString('base64url'))])
const SECRETS = createFlowSecrets(Buffer.alloc(32, 5))

async function openScenario() {
  const clock = { now: 1_800_000_000_000 }
  return createScenario(await openSqliteStorage({ file: ':memory:', now: () => clock.now }), clock)
}

describe('two people who are not the same', () => {
  it('have limits of their own, and so have their tenants', async () => {
    await fc.assert(
      fc.asyncProperty(twoPeople, async ([first, second]) => {
        const ofUser = createLimits({ startsPerUser: 1, repositoriesPerUser: 1 })
        await ofUser.checkStart(...first)
        await ofUser.checkStart(...second)
        await ofUser.checkRepositories(...first)
        await ofUser.checkRepositories(...second)
        await expect(ofUser.checkStart(...first)).rejects.toMatchObject({ code: 'rate_limited' })
        if (first[0] === second[0]) return
        const ofTenant = createLimits({ startsPerTenant: 1, repositoriesPerTenant: 1 })
        await ofTenant.checkStart(...first)
        await ofTenant.checkStart(...second)
        await ofTenant.checkRepositories(...first)
        await ofTenant.checkRepositories(...second)
      }),
    )
  })

  it('have cookies, states and verifiers of their own for a flow of the same id', () => {
    fc.assert(
      fc.property(twoPeople, ([first, second]) => {
        const [one, other] = [first, second].map(([tenantId, userId]) => ({ flowId: 'f', tenantId, userId }))
        if (one === undefined || other === undefined) throw new Error('two people were made')
        expect(SECRETS.isCookieOf(other, SECRETS.cookieFor(one))).toBe(false)
        expect(SECRETS.authorizeStateFor(one)).not.toBe(SECRETS.authorizeStateFor(other))
        expect(SECRETS.codeVerifierFor(one)).not.toBe(SECRETS.codeVerifierFor(other))
      }),
    )
  })

  it('cannot read what was sealed for the other’s tenant', async () => {
    await fc.assert(
      fc.asyncProperty(twoPeople, async ([[first], [second]]) => {
        const sealed = await SEALER.seal('state', first, 'value')
        expect(await SEALER.unseal('state', first, sealed)).toBe('value')
        if (first !== second) await expect(SEALER.unseal('state', second, sealed)).rejects.toThrow('another')
      }),
      { numRuns: 50 },
    )
  })

  it('have flows, connections and failures of their own in the store', async () => {
    await fc.assert(
      fc.asyncProperty(twoPeople, async ([first, second]) => {
        const { storage, newFlow, connected, waiting, accept } = await openScenario()
        const [tenantId, userId] = first
        const [otherTenant, otherUser] = second
        const { flowId } = await connected({ tenantId, userId, organization: 'org-1' })
        const open = await waiting({ tenantId, userId, organization: 'org-1' })
        expect(open).toMatchObject({ tenantId, userId })

        const taken = newFlow({ flowId, tenantId: otherTenant, userId: otherUser })
        expect(await storage.createFlow(taken)).toEqual({ outcome: 'foreign' })
        expect(await storage.findLatestFlow(otherTenant, otherUser)).toBeUndefined()
        const others = await waiting({ tenantId: otherTenant, userId: otherUser, organization: 'org-2' })
        expect(await storage.findFlow(tenantId, open.flowId)).toEqual(open)
        const isColleague = tenantId === otherTenant
        expect((await storage.findFlow(otherTenant, flowId)) !== undefined).toBe(isColleague)
        expect((await storage.findConnection(otherTenant)) !== undefined).toBe(isColleague)
        expect((await accept(others)).outcome).toBe(isColleague ? 'accepted' : 'taken')
        expect(await storage.countFailedBindings(tenantId, 1000)).toBe(0)
        await storage.close()
      }),
      { numRuns: 60 },
    )
  })
})

describe('an id that no store can keep apart from others', () => {
  // What is left of two emoji when a text is cut in the middle of them.
  const HALVES = ['ann\ud83d', 'ann\ud83e', '\udca5ann', 'a\0b'] as const

  it.each(HALVES)('is refused from identify(), by the signer, and in a token: %j', async (half) => {
    const signer = createTokenSigner({ secret: 'x'.repeat(43), issuer: 'i', audience: 'a' })
    for (const change of [{ tenantId: half }, { userId: half }]) {
      const identity = { tenantId: 't', userId: 'u', canConnect: true, ...change }
      const request = new IncomingMessage(new Socket())
      await expect(identifyRequest(() => identity, request)).rejects.toMatchObject({
        code: 'internal',
        detail: expect.stringContaining(`check ${Object.keys(change).join('')}`),
      })
      await expect(signer.sign(identity)).rejects.toThrow('cut in the middle of a character')
      // Another backend's signer may let it through.
      const claims = {
        iat: 1000,
        exp: 1300,
        sub: identity.userId,
        tenant: identity.tenantId,
        can_connect: true,
      }
      expect(() => parseClaims(claims, 1000)).toThrow(ConnectError)
    }
  })

  it('would be another one’s in the store, so it has to be', async () => {
    const { storage, waiting } = await openScenario()
    const { flowId } = await waiting({ tenantId: HALVES[0] })
    expect(await storage.findFlow(HALVES[1], flowId)).toMatchObject({ flowId })
    await storage.close()
  })
})
