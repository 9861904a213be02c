// The strictest content security policy and opener policy that a host can have, on what hosts ship: the whole flow without one violation.
import { cardOf, expect, installOnGitHub, openGitHub, test } from './fixtures.ts'

test.use({ build: 'production' })

for (const policy of ['same-origin', 'same-origin-allow-popups', 'noopener-allow-popups'] as const) {
  test.describe(`with Cross-Origin-Opener-Policy: ${policy}`, () => {
    test.use({ headers: { 'Cross-Origin-Opener-Policy': policy } })

    const tag = policy === 'noopener-allow-popups' ? ['@long'] : []
    test(
      'connects and disconnects without a violation or a word in the console',
      { tag },
      async ({ page, host }) => {
        await page.goto(`${host.url}/?accent=rebeccapurple`)
        await installOnGitHub(await openGitHub(page, host))
        await expect(cardOf(page)).toContainText('acme-coffee')
        await cardOf(page).getByRole('button', { name: 'Disconnect' }).click()
        await cardOf(page).getByRole('button', { name: 'Disconnect' }).click()
        await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'not_connected')
        const accent = await cardOf(page).evaluate((card) =>
          getComputedStyle(card).getPropertyValue('--cgh-accent'),
        )
        expect(accent).toBe('rebeccapurple')
      },
    )
  })
}

test('notices a page that breaks the policy: markup from a string', async ({ page, host }) => {
  await page.goto(host.url)
  await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'not_connected')
  const thrown = await page.evaluate(() => {
    try {
      document.body.innerHTML = '<b>markup</b>'
      return ''
    } catch (error) {
      return String(error)
    }
  })
  expect(thrown).toContain('TrustedHTML')
  host.expectNoise(/TrustedHTML/)
  await host.expectReport(/require-trusted-types-for/)
})
