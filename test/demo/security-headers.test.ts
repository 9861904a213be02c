// What every answer of the host tells the browser to refuse.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Demo, startDemo } from '../../demo/start-demo.ts'
import { createVisitor, type Visitor } from './visitor.ts'

const STRICT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"

let demo: Demo
let signedIn: Visitor

beforeAll(async () => {
  demo = await startDemo()
  signedIn = createVisitor(demo.hostUrl)
  await signedIn.signIn('ada')
})

afterAll(() => demo.close())

it.each(['/', '/integrations', '/api/session', '/nowhere'])(
  'sends the strict policy and forbids storing with %s',
  async (path) => {
    const { headers } = await signedIn.get(path)
    expect(headers.get('Content-Security-Policy')).toBe(STRICT_POLICY)
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(headers.get('Cache-Control')).toBe('no-store')
  },
)

it('sends the strict policy with the sign-in page and with a refusal', async () => {
  const visitor = createVisitor(demo.hostUrl)
  const answers = [
    await visitor.get('/login'),
    await visitor.post('/login', {}, { Origin: 'https://evil.example' }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([200, 403])
  for (const { headers } of answers) expect(headers.get('Content-Security-Policy')).toBe(STRICT_POLICY)
})

it('serves a page without inline script or style, whose assets all exist and may be kept', async () => {
  const html = await (await signedIn.get('/integrations')).text()
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/i)
  const assets = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path)
  expect(new Set(assets.map((path) => path.split('.').at(-1)))).toEqual(new Set(['css', 'js', 'svg']))
  for (const path of assets) {
    const { status, headers } = await signedIn.get(path)
    expect([status, headers.get('Cache-Control')]).toEqual([200, 'public, max-age=31536000, immutable'])
  }
})

it('serves nothing but what the build made', async () => {
  for (const path of [
    '/assets/..%2findex.html',
    '/assets/%2e%2e/%2e%2e/start.ts',
    '/index.html',
    '/assets/none.js',
  ]) {
    expect((await signedIn.get(path)).status).toBe(404)
  }
})
