// The mistakes that this folder's tests are about, each made in a copy of the widget: the same looks notice every one of them.
import { callsOf, cardOf, expect, installOnGitHub, openGitHub, test } from './fixtures.ts'

// One build holds all mistakes, each of which shows in its own way; so one worker builds it once.
test.describe.configure({ mode: 'default' })

test.use({
  breakages: {
    list: [
      // Callbacks of the first render, as in two peers.
      {
        file: 'widget/useConnection.ts',
        from: 'owner.current = options',
        to: 'owner.current ??= options',
      },
      // A client of each instance, so that two ask twice.
      {
        file: 'widget/useConnection.ts',
        from: '(ownClient = ownClient ?? new QueryClient())',
        to: 'useState(() => new QueryClient())[0]',
      },
      {
        file: 'widget/useConnection.ts',
        from: 'import { useCallback,',
        to: 'import { useState, useCallback,',
      },
      // Nothing is said twice; now it is.
      { file: 'widget/connector.ts', from: ' || told === once) return', to: ') return' },
      // Torn down for good by the first unmounting, which StrictMode only rehearses, as in a peer.
      {
        file: 'widget/connector.ts',
        from: 'if (owner === by) owner = undefined',
        to: 'by.isGone = true\n        if (owner === by) owner = undefined',
      },
      {
        file: 'widget/connector.ts',
        from: 'queueMicrotask(() => use(to.current))',
        to: 'queueMicrotask(() => to.isGone || use(to.current))',
      },
      // The host's defaults decide.
      { file: 'widget/follow.ts', from: '      enabled: true,\n', to: '' },
      // A style attribute, which a policy refuses.
      {
        file: 'widget/ConnectGitHub.tsx',
        from: "root.current.style.cssText = rules.join(';')",
        to: "if (variables) root.current.setAttribute('style', rules.join(';'))",
      },
      // A server writes something else than the browser expects.
      {
        file: 'widget/ConnectGitHub.tsx',
        from: 'data-cgh-tone={tone}',
        to: "data-cgh-tone={typeof window === 'object' ? tone : 'server'}",
      },
    ],
  },
})

test('stale callbacks are noticed', async ({ page, host }) => {
  await page.goto(`${host.url}/?strict=no`)
  const popup = await openGitHub(page, host)
  await page.getByRole('button', { name: 'Render again' }).click()
  await expect(page.getByText('Render 2')).toBeVisible()
  await installOnGitHub(popup)
  await expect(callsOf(page, /^onSuccess/)).toHaveText(['onSuccess at render 1: acme-coffee connected'])
})

test('an event that is told twice is noticed', async ({ page, host }) => {
  await page.goto(`${host.url}/?strict=no`)
  await installOnGitHub(await openGitHub(page, host))
  await expect(callsOf(page, /^onSuccess/)).toHaveCount(1)
  const events = await callsOf(page, /^onEvent/).allTextContents()
  expect(new Set(events).size).toBeLessThan(events.length)
})

test('a set-up that StrictMode undoes for good is noticed', async ({ page, host }) => {
  await page.goto(host.url)
  await installOnGitHub(await openGitHub(page, host))
  await expect(cardOf(page)).toContainText('acme-coffee')
  await expect(callsOf(page, /./)).toHaveCount(0)
})

test('defaults of the host that reach the widget are noticed', async ({ page, host }) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await page.goto(`${host.url}/?client=hostile`, { waitUntil: 'networkidle' })
  await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'loading')
  expect(asked).not.toContain('/connect/github/connection')
})

test('instances that ask for themselves are noticed', async ({ page, host }) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await page.goto(`${host.url}/?instances=2&strict=no`)
  await expect(cardOf(page).first()).toHaveAttribute('data-cgh-state', 'not_connected')
  await expect(cardOf(page).last()).toHaveAttribute('data-cgh-state', 'not_connected')
  expect(asked.filter((path) => path === '/connect/github/connection').length).toBeGreaterThan(1)
})

test('a style attribute is noticed', async ({ page, host }) => {
  await page.goto(`${host.url}/?accent=red`)
  await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'not_connected')
  host.expectNoise(/Applying inline style violates/)
  await host.expectReport(/style-src/)
})

for (const react of [18, 19] as const) {
  test.describe(`on React ${react}`, () => {
    test.use({ react })

    test('markup of a server that differs is noticed', async ({ page, host }) => {
      await page.goto(`${host.url}/rendered`)
      await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'not_connected')
      host.expectNoise(react === 18 ? /did not match/ : /hydrated but some attributes/)
    })
  })
}
