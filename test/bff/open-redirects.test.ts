// No parameter makes the BFF send a browser to somebody else's host.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resolveReturnTo } from '../../bff/flows/return-to.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import type { TestBrowser } from '../stack/test-browser.ts'

const EVIL = 'evil.example'
const HOST = 'http://localhost:9999'

const starts = [
  '//',
  '///',
  '////',
  '/\\',
  '\\/',
  '\\\\',
  '/\t/',
  '/\n/',
  '\t//',
  ' //',
  '/%09/',
  '/%5c',
  '/%2f',
  '/.//',
  '/..//',
]
const schemes = [
  'https://',
  'http://',
  'HTTPS://',
  'https:',
  'http:\\\\',
  'hTTp:/',
  'ht\ntps://',
  '\u0000https://',
  '\u00a0https://',
  'ftp://',
  'ws://',
  `blob:${HOST}/`,
  `blob:https://`,
  `filesystem:${HOST}/`,
  'javascript:alert(1)//',
  'java\tscript:alert(1)//',
  'JaVaScRiPt:alert(1)//',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)//',
  'file:///',
  'about:blank#',
  'view-source:https://',
  'intent://',
  'mailto:a@',
]
const hosts = [
  EVIL,
  `localhost:9999@${EVIL}`,
  `localhost:9999%40${EVIL}`,
  `localhost:9999.${EVIL}`,
  `${EVIL}#@localhost:9999`,
  `${EVIL}?@localhost:9999/`,
  `${EVIL}\\@localhost:9999`,
  'evil。example',
  'evil．example',
  'ｅｖｉｌ.example',
  'localhost',
  'localhost:9998',
  'localhost:99990',
  '[::ffff:127.0.0.1]:9999',
  '0x7f.1:9999',
]

const PAYLOADS: readonly string[] = [
  ...starts.flatMap((start) => hosts.map((host) => start + host)),
  ...schemes.flatMap((scheme) => hosts.map((host) => scheme + host)),
  `@${EVIL}`,
  `.${EVIL}`,
  `:80@${EVIL}`,
  `http://user:pass@localhost:9999/`,
  'http://user@localhost:9999/',
  'https://localhost:9999/',
  `/redirect?to=//${EVIL}`,
  '\r\nLocation: https://evil.example',
  '%0d%0aLocation:%20https://evil.example',
  '/x\r\nSet-Cookie: a=b',
  '/\u2028//evil.example',
  'a'.repeat(2048),
  '',
]

/** Where a browser that gets this Location goes; written without the code under test. */
function isOnHost(location: string): boolean {
  const isPlain = /^[\x21-\x7e]+$/.test(location)
  return isPlain && location.startsWith(`${HOST}/`) && new URL(location).host === 'localhost:9999'
}

describe('where a redirect flow ends', () => {
  it('is on the host page’s own origin for every known trick', () => {
    expect(PAYLOADS.length).toBeGreaterThan(500)
    for (const payload of PAYLOADS) expect(resolveReturnTo(payload, HOST), payload).toSatisfy(isOnHost)
  })

  it('is on the host page’s own origin for anything made of these parts', () => {
    const part = fc.oneof(
      fc.constantFrom(
        ...starts,
        ...schemes,
        ...hosts,
        '/',
        '\\',
        '@',
        ':',
        '?',
        '#',
        '..',
        '%',
        '[',
        ']',
        'localhost:9999',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        expect(resolveReturnTo(parts.join(''), HOST)).toSatisfy(isOnHost)
      }),
      { numRuns: 3000 },
    )
  })

  it('is the page asked for, when that is on the host page’s own origin', () => {
    expect(resolveReturnTo('/settings?tab=github#top', HOST)).toBe(`${HOST}/settings?tab=github#top`)
    expect(resolveReturnTo(`${HOST}/settings`, HOST)).toBe(`${HOST}/settings`)
    expect(resolveReturnTo('settings', HOST)).toBe(`${HOST}/settings`)
    expect(resolveReturnTo(undefined, HOST)).toBe(`${HOST}/`)
  })
})

describe('over HTTP', () => {
  let stack: Stack
  let ann: TestBrowser
  beforeAll(async () => {
    const limits = { startsPerUser: 1e6, startsPerTenant: 1e6, strayReturnsPerAddress: 1e6 }
    stack = await startStack({ bff: { limits } })
    ann = stack.browser('ann')
  })
  afterAll(() => stack.close())

  it('every returnTo leads to the host page, by redirect and by the page after GitHub', async () => {
    // Each trick once; their combinations are above.
    const sample = PAYLOADS.filter((payload, index) => index % 5 === 0 || !payload.includes(EVIL))
    expect(sample.length).toBeGreaterThan(100)
    for (const returnTo of sample) {
      const { flowId } = await ann.startFlow({ mode: 'redirect', returnTo: returnTo.slice(0, 2048) })
      const state = stack.sandbox.states.at(-1)?.state ?? ''
      const { status, headers } = await ann.navigate(`/return?setup_action=request&state=${state}`)
      expect(status).toBe(303)
      expect(headers.get('location')).toSatisfy(isOnHost)
      const { text } = await ann.navigate(`/flows/${flowId}/done`)
      const links = [...text.matchAll(/(?:href|data-back|data-host)="(?!data:,")([^"]*)"/g)].map(
        (match) => match[1] ?? '',
      )
      expect(links.length).toBeGreaterThan(1)
      for (const link of links) expect(`${link}/`).toSatisfy(isOnHost)
    }
  })

  it('refuses a returnTo that is no text', async () => {
    for (const returnTo of [1, null, true, [], ['//evil.example'], {}, 'a'.repeat(2049)]) {
      const answer = await ann.fetchJson('POST', '/flows', {
        flowId: 'A'.repeat(22),
        mode: 'redirect',
        returnTo,
      })
      expect(answer.status).toBe(400)
    }
  })

  it('no other parameter or path gets into a Location or a page', async () => {
    const names = [
      'returnTo',
      'return_to',
      'redirect_uri',
      'next',
      'url',
      'ref',
      'back',
      'host',
      'state',
      'code',
    ]
    for (const payload of PAYLOADS.filter((text) => text.includes(EVIL)).slice(0, 150)) {
      const value = encodeURIComponent(payload)
      const query = names.map((name) => `${name}=${value}`).join('&')
      for (const path of [`/return?${query}`, `/problem/return_unknown?${query}`]) {
        const answer = await ann.navigate(path)
        expect(`${JSON.stringify([...answer.headers])}${answer.text}`).not.toMatch(/evil/i)
        const location = answer.headers.get('location')
        if (location !== null) expect(location).toSatisfy(isOnHost)
        expect(answer.status).toBeLessThan(500)
      }
    }
  })
})
