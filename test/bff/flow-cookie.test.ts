// How the flow's cookie is found among whatever a browser sends in one header (RFC 6265 §5.4), and how old ones make room.
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createFlowSecrets } from '../../bff/flow-secrets.ts'
import { flowCookiesFor, hasFlowCookie, listFlowCookies } from '../../bff/flows/flow-cookie.ts'
import { createScenario, START_AT } from '../storage/scenario.ts'
import { openSqliteStorage } from '../../bff/storage/sqlite.ts'

const PREFIX = '__Host-connect-github-'
const secrets = createFlowSecrets(new Uint8Array(32))
const storage = await openSqliteStorage({ file: ':memory:', now: () => START_AT })
const flow = await createScenario(storage, { now: START_AT }).waiting({ flowId: 'F'.repeat(22) })
const name = PREFIX + flow.flowId
const own = `${name}=${secrets.cookieFor(flow)}`
const othersOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => String(index).padStart(22, 'x'))

function requestWith(cookie: string | undefined): IncomingMessage {
  const request = new IncomingMessage(new Socket())
  if (cookie !== undefined) request.headers.cookie = cookie
  return request
}
const has = (cookie: string | undefined): boolean => hasFlowCookie(flow, secrets, requestWith(cookie))

describe('the flow’s cookie is found', () => {
  it.each<[string, string]>([
    ['alone', own],
    ['after another', `session=ann; ${own}`],
    ['before another', `${own}; session=ann`],
    ['after another without a space between', `session=ann;${own}`],
    ['after spaces and a tab', `session=ann; \t  ${own}`],
    ['with spaces behind it', `${own}  ; session=ann`],
    ['first of two of its name', `${own}; ${name}=other`],
    ['after what is no cookie: its name and a letter', `${name}x; ${own}`],
    ['after a cookie without a name', `=${name}; ${own}`],
    ['after empty ones', `; ;${own}`],
  ])('%s', (_, cookie) => {
    expect(has(cookie)).toBe(true)
  })
})

describe('the flow’s cookie is not found', () => {
  it.each<[string, string | undefined]>([
    ['without any cookie', undefined],
    ['in an empty header', ''],
    ['second of two of its name', `${name}=other; ${own}`],
    ['under a name with a blank in it', own.replace(PREFIX, `${PREFIX} `)],
    ['under a name with a no-break space before it', `\u00a0${own}`],
    ['under a name with something before it', `x${own}`],
    ['in the value of another cookie', `x=${own}`],
  ])('%s', (_, cookie) => {
    expect(has(cookie)).toBe(false)
  })
})

describe('the flows of a browser', () => {
  it('are those whose cookies it sent, in their order, at most five', () => {
    const flowIds = othersOf(7)
    const cookie = flowIds.map((flowId) => `${PREFIX}${flowId}=any`).join('; ')
    expect(listFlowCookies(requestWith(`session=ann; ${cookie}`))).toEqual(flowIds.slice(0, 5))
  })

  it('are none when it sent no cookie, or none of ours', () => {
    expect(listFlowCookies(requestWith(undefined))).toEqual([])
    const foreign = [
      'session=ann',
      `${PREFIX}short=x`,
      `${PREFIX}${'F'.repeat(23)}=x`,
      `${PREFIX}${'F'.repeat(21)}%=x`,
      `connect-github-${flow.flowId}=x`,
      `${flow.flowId}${PREFIX}=x`,
    ]
    expect(listFlowCookies(requestWith(foreign.join('; ')))).toEqual([])
  })
})

describe('the cookies that a start sets', () => {
  const set = (others: readonly string[], cookie: string, now = START_AT): readonly string[] =>
    flowCookiesFor(
      flow,
      secrets,
      requestWith([...others.map((flowId) => `${PREFIX}${flowId}=x`), cookie].join('; ')),
      now,
    )

  it('take none away while there are five with the new one', () => {
    expect(set(othersOf(4), 'session=ann')).toHaveLength(1)
    expect(set(othersOf(4), own)).toHaveLength(1)
  })

  it('take the oldest away beyond that, and never the flow’s own', () => {
    const [first, second] = othersOf(6)
    const removals = set(othersOf(6), own).slice(0, -1)
    expect(removals).toEqual(
      [first, second].map(
        (flowId) => `${PREFIX}${flowId}=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax`,
      ),
    )
  })

  it('live for the whole seconds that are left of the flow, and not at all when none are', () => {
    const leftAt = (now: number): string => /Max-Age=(-?\d+)/.exec(set([], '', now)[0] ?? '')?.[1] ?? ''
    expect(leftAt(flow.expiresAt - 1999)).toBe('1')
    expect(leftAt(flow.expiresAt - 999)).toBe('0')
    expect(leftAt(flow.expiresAt + 5000)).toBe('0')
  })
})
