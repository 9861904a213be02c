// What is said of each request that is not trusted, one rule at a time; csrf-matrix.test.ts has all of their combinations.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { createFlowId, type TestBrowser } from '../stack/test-browser.ts'
import { readAllRows } from './unchanged.ts'

const OWN = 'http://localhost:9999'
const LISTED = 'https://app.example.com'
const EVIL = 'https://evil.example'

let stack: Stack
let ann: TestBrowser
beforeAll(async () => {
  stack = await startStack({ bff: { allowedOrigins: [LISTED] } })
  ann = stack.browser('ann')
})
afterAll(() => stack.close())

const lineSchema = z.object({ detail: z.string().optional(), code: z.string().optional() })

/** Status of the answer, and why it was refused, from the log. */
async function send(
  method: 'GET' | 'DELETE',
  headers: Readonly<Record<string, string | undefined>>,
): Promise<{ status: number; why: string | undefined }> {
  const before = stack.logLines.length
  const { status } = await ann.send('/connection', { method, headers })
  const lines = stack.logLines.slice(before).map((line) => lineSchema.parse(JSON.parse(line)))
  return { status, why: lines.find(({ code }) => code === 'request_not_trusted')?.detail }
}

const MARKER = { 'x-connect-github': '1' }

describe('a change', () => {
  it.each<[string, Record<string, string>]>([
    ['of the same origin that names no origin', { 'sec-fetch-site': 'same-origin' }],
    ['of the same origin with an empty origin', { 'sec-fetch-site': 'same-origin', origin: '' }],
    ['of our own origin from an older browser', { origin: OWN }],
    ['of a listed page from an older browser', { origin: LISTED }],
    ['of a listed page on the same site', { 'sec-fetch-site': 'same-site', origin: LISTED }],
    ['of a listed page on another site', { 'sec-fetch-site': 'cross-site', origin: LISTED }],
  ])('%s is trusted', async (_, headers) => {
    expect(await send('DELETE', { ...MARKER, ...headers })).toEqual({ status: 200, why: undefined })
  })

  const UNKNOWN_PAGE = 'neither Sec-Fetch-Site nor Origin says where the request comes from'
  const NOT_LISTED = 'the page’s origin is not listed in ALLOWED_ORIGINS'
  it.each<[string, Record<string, string>, string]>([
    [
      'without the custom header',
      { 'sec-fetch-site': 'same-origin', origin: OWN },
      'the header X-Connect-GitHub: 1 is missing',
    ],
    [
      'with another value of it',
      { 'sec-fetch-site': 'same-origin', 'x-connect-github': 'true' },
      'the header X-Connect-GitHub: 1 is missing',
    ],
    ['of a page that is not listed', { ...MARKER, origin: EVIL }, NOT_LISTED],
    [
      'of a page that is not listed and says it is ours',
      { ...MARKER, 'sec-fetch-site': 'same-origin', origin: EVIL },
      NOT_LISTED,
    ],
    [
      'that a person made by hand',
      { ...MARKER, 'sec-fetch-site': 'none', origin: LISTED },
      'Sec-Fetch-Site is not of a page',
    ],
    ['from nowhere', MARKER, UNKNOWN_PAGE],
    ['from nowhere, with an empty origin', { ...MARKER, origin: '' }, UNKNOWN_PAGE],
    ['from somewhere on the same site', { ...MARKER, 'sec-fetch-site': 'same-site' }, UNKNOWN_PAGE],
    ['from somewhere on another site', { ...MARKER, 'sec-fetch-site': 'cross-site' }, UNKNOWN_PAGE],
  ])('%s is refused, and the log says why', async (_, headers, why) => {
    expect(await send('DELETE', headers)).toEqual({ status: 403, why })
  })
})

describe('the page that started a flow', () => {
  it.each<[string, Record<string, string>, string]>([
    ['is the one that names itself', { 'sec-fetch-site': 'cross-site', origin: LISTED }, LISTED],
    ['is our own when it names none', { 'sec-fetch-site': 'same-origin' }, OWN],
  ])('%s', async (_, headers, origin) => {
    const flowId = createFlowId()
    const { status } = await ann.send('/flows', {
      method: 'POST',
      headers: { ...MARKER, ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ flowId, mode: 'redirect' }),
    })
    expect(status).toBe(201)
    const flows = readAllRows(stack.databaseFile)['flows']
    expect(flows).toContainEqual(
      expect.objectContaining({ flow_id: flowId, host_origin: origin, return_to: `${origin}/` }),
    )
  })
})

describe('a read', () => {
  it.each<[string, Record<string, string>]>([
    ['by a browser that says nothing', {}],
    ['by a page of the same origin', { 'sec-fetch-site': 'same-origin' }],
    ['by a person who opened the address', { 'sec-fetch-site': 'none' }],
    ['by a listed page', { 'sec-fetch-site': 'cross-site', origin: LISTED }],
  ])('%s is answered', async (_, headers) => {
    expect(await send('GET', headers)).toEqual({ status: 200, why: undefined })
  })

  it.each<[string, Record<string, string>]>([
    ['by a page on another site', { 'sec-fetch-site': 'cross-site' }],
    ['by a sibling that is not listed', { 'sec-fetch-site': 'same-site', origin: 'https://x.example.com' }],
    ['by something new', { 'sec-fetch-site': 'other' }],
  ])('%s is refused, and the log says why', async (_, headers) => {
    const why = 'a page that is not listed in ALLOWED_ORIGINS tried to read'
    expect(await send('GET', headers)).toEqual({ status: 403, why })
  })
})
