// What pages of other origins can do to a person who is signed in, on another site and on the same one: nothing.
import type { BrowserContext, Page } from '@playwright/test'
import { expect, openGitHub, signIn, test, widgetOf, type RunningDemo } from './fixtures.ts'
import { startHostilePage } from './hostile-page.ts'

const PLACES = [
  ['on another site', '127.0.0.1'],
  ['on the same site', 'localhost'],
] as const

type Host = (typeof PLACES)[number][1]

/** What scripts of the hostile page try, with what each of them learnt of the answer. */
async function tryScripts(attacker: Page, base: string, flowId: string): Promise<readonly string[]> {
  return attacker.evaluate(
    async ([bffUrl, openFlow]) => {
      const attempt = (path: string, init: RequestInit) =>
        fetch(bffUrl + path, { credentials: 'include', ...init }).then(
          async (response) => `${response.status} ${await response.text()}`,
          () => 'blocked',
        )
      const body = JSON.stringify({ flowId: 'A'.repeat(22), mode: 'popup' })
      const json = { 'Content-Type': 'application/json' }
      return [
        await attempt('/flows', { method: 'POST', body, headers: { ...json, 'X-Connect-GitHub': '1' } }),
        await attempt('/flows', { method: 'POST', body, headers: { 'Content-Type': 'text/plain' } }),
        await attempt('/flows', { method: 'POST', body: new Blob([body]) }),
        await attempt(`/flows/${openFlow}/cancel`, { method: 'POST', body: '{}', headers: json }),
        await attempt(`/flows/${openFlow}/cancel`, { method: 'POST', mode: 'no-cors' }),
        await attempt(`/flows/${openFlow}`, {}),
        await attempt('/connection', { method: 'DELETE' }),
        await attempt('/connection', {}),
        await attempt('/connection', { mode: 'no-cors' }),
      ]
    },
    [base, flowId] as const,
  )
}

/** Cancels the open flow with a form, which a page of any origin may post. */
async function tryForm(attacker: Page): Promise<number> {
  const answered = attacker.waitForResponse(/\/cancel$/)
  await attacker.getByRole('button', { name: 'Win' }).click()
  return (await answered).status()
}

/** A flow of somebody who is signed in, and in the same browser a page that knows its id. */
async function startAttack(
  page: Page,
  context: BrowserContext,
  demo: RunningDemo,
  host: Host,
): Promise<{ readonly attacker: Page; readonly flowId: string; readonly close: () => Promise<void> }> {
  await signIn(page, demo)
  const [launch] = await Promise.all([
    context.waitForEvent('request', (sent) => /\/launch(\?|$)/.test(sent.url())),
    openGitHub(page, demo),
  ])
  const flowId = /\/flows\/([\w-]{22})\//.exec(launch.url())?.[1] ?? ''
  const hostile = await startHostilePage(
    `<form method="post" enctype="text/plain" action="${demo.bffUrl}/flows/${flowId}/cancel"><button>Win</button></form>`,
    host,
  )
  const attacker = await context.newPage()
  await attacker.goto(hostile.url)
  return { attacker, flowId, close: () => hostile.close() }
}

for (const [identity, bffOrigin] of [
  ['session', 'same'],
  ['token', 'other'],
] as const) {
  for (const [where, host] of PLACES) {
    test.describe(`with the identity of a ${identity}`, () => {
      test.use({ demoOptions: { identity, bffOrigin } })

      test(`refuses scripts and forms of a page ${where}`, async ({ page, demo, context }) => {
        const { attacker, flowId, close } = await startAttack(page, context, demo, host)
        const outcomes = await tryScripts(attacker, demo.bffUrl, flowId)
        expect(new Set(outcomes)).toEqual(new Set(['blocked']))
        expect(await tryForm(attacker)).toBe(403)
        await expect(widgetOf(page).getByRole('button', { name: 'Cancel' })).toBeVisible()
        await page.reload()
        await expect(widgetOf(page).getByRole('button', { name: 'Cancel' })).toBeVisible()
        expect(demo.sandbox.states).toHaveLength(1)
        await close()
      })
    })
  }
}

test.describe('control: a BFF that does not look where a change comes from', () => {
  test.use({
    broken: {
      breakages: [
        {
          file: 'bff/middleware/trust-request.ts',
          from: "if (ctx.get(REQUEST_HEADER) !== '1')",
          to: "if (ctx.method !== 'x') return\n  if (trusted.size === 0)",
        },
        // The second wall: no form can send JSON.
        {
          file: 'bff/middleware/read-json.ts',
          from: '  checkMediaType(request)\n',
          to: '',
        },
      ],
    },
  })

  test('takes a form from a page on the same site', async ({ page, demo, context }) => {
    const { attacker, close } = await startAttack(page, context, demo, 'localhost')
    expect(await tryForm(attacker)).toBe(200)
    await expect(widgetOf(page).getByRole('button', { name: 'Connect GitHub' })).toBeVisible()
    await close()
  })
})

/** The titles of all pages of the BFF, each in a frame of a hostile page. */
async function frameAll(page: Page, demo: RunningDemo, host: Host): Promise<readonly string[]> {
  const paths = [
    `/flows/${'A'.repeat(22)}/launch`,
    `/flows/${'A'.repeat(22)}/done`,
    '/problem/return_unknown',
    '/return?state=x',
  ]
  const frames = paths.map((path) => `<iframe src="${demo.bffUrl}${path}"></iframe>`).join('')
  const hostile = await startHostilePage(frames, host)
  await page.goto(hostile.url)
  await page.waitForLoadState('load')
  const titles = await Promise.all(
    page
      .frames()
      .slice(1)
      .map((frame) => frame.title()),
  )
  expect(titles).toHaveLength(paths.length)
  await hostile.close()
  return titles
}

const ANY_PAGE = /GitHub|window|connection|did not work/i

for (const [where, host] of PLACES) {
  test(`shows none of its pages in a frame of a page ${where}`, async ({ page, demo }) => {
    for (const title of await frameAll(page, demo, host)) expect(title).not.toMatch(ANY_PAGE)
  })
}

test.describe('control: a BFF whose pages say nothing about frames', () => {
  test.use({
    broken: { breakages: [{ file: 'bff/pages/page.ts', from: `    "frame-ancestors 'none'",\n`, to: '' }] },
  })

  test('shows them in frames', async ({ page, demo }) => {
    for (const title of await frameAll(page, demo, 'localhost')) expect(title).toMatch(ANY_PAGE)
  })
})
