// The whole flow in a host on React 18 and on React 19, in StrictMode, with the packed widget.
import { callsOf, cardOf, expect, installOnGitHub, openGitHub, test } from './fixtures.ts'

for (const react of [18, 19] as const) {
  test.describe(`on React ${react}`, () => {
    test.use({ react })

    test('connects, and tells the host once, by its latest callbacks', async ({ page, host }) => {
      await page.goto(host.url)
      await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'not_connected')
      const popup = await openGitHub(page, host)
      await page.getByRole('button', { name: 'Render again' }).click()
      await installOnGitHub(popup)
      await expect(cardOf(page)).toContainText('acme-coffee')
      await expect(callsOf(page, /^onSuccess/)).toHaveText(['onSuccess at render 2: acme-coffee connected'])

      // Whatever was told a second time would have been told by the end of a reload.
      await page.reload()
      await expect(cardOf(page)).toContainText('acme-coffee')
      await expect(callsOf(page, /^onSuccess/)).toHaveText(['onSuccess at render 2: acme-coffee connected'])
      await expect(callsOf(page, /^onLoad/)).toHaveCount(2)
      await expect(callsOf(page, /^(onExit|onError)/)).toHaveCount(0)
      const events = await callsOf(page, /^onEvent/).allTextContents()
      expect(events.at(0)).toBe('onEvent at render 1: click')
      expect(events.at(-1)).toBe('onEvent at render 2: connected')
      expect(new Set(events).size).toBe(events.length)
      expect(host.stack.sandbox.bindings).toHaveLength(1)
    })
  })
}
