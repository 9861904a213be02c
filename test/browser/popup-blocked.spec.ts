// The flow when the browser's own popup blocker refuses to open a window.
import { expect, installOnGitHub, test, widgetOf } from './fixtures.ts'

// Playwright switches the blocker off by default.
test.use({
  launchOptions: async ({ launchOptions }, use) =>
    use({ ...launchOptions, ignoreDefaultArgs: ['--disable-popup-blocking'] }),
})

test(
  'goes on in the tab with the same flow when the popup is blocked',
  { tag: '@popup-blocker' },
  async ({ page, demo }) => {
    // Signed in without a click: its user activation would still be fresh enough to open a window.
    await page.request.post(`${demo.hostUrl}/login`, {
      form: { person: 'ada' },
      headers: { origin: demo.hostUrl },
    })
    // A click that no person made carries no user activation, which is what the blocker looks for.
    await page.addInitScript(() => {
      const observer = new MutationObserver(() => {
        const button = [...document.querySelectorAll('button')].find((candidate) =>
          candidate.textContent?.includes('Connect GitHub'),
        )
        if (button === undefined) return
        observer.disconnect()
        setTimeout(() => button.click())
      })
      observer.observe(document, { subtree: true, childList: true })
    })
    // The page is not looked into before the click: looking counts as a user activation, too.
    const started = page.waitForRequest(/\/connect\/github\/flows$/)
    await page.goto(`${demo.hostUrl}/integrations`)
    await started
    await widgetOf(page).getByRole('link', { name: 'Continue in this tab' }).click()
    await page.waitForURL(`${demo.sandbox.githubUrl}/**`)
    expect(page.context().pages()).toHaveLength(1)
    await installOnGitHub(page)
    await page.waitForURL(`${demo.hostUrl}/integrations`)
    await expect(widgetOf(page)).toContainText('acme-coffee')
    expect(demo.sandbox.states).toHaveLength(1)
  },
)
