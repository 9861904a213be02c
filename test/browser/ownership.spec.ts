// Proof of ownership as the customer sees it: the second step on GitHub, who gets past it, and what the others read.
import { devices, type Page } from '@playwright/test'
import { findPerson } from '../../demo/people.ts'
import type { Demo } from '../../demo/start-demo.ts'
import {
  continueToAuthorize,
  expect,
  installOnGitHub,
  keepLooks,
  openGitHub,
  signIn,
  test,
  widgetOf,
} from './fixtures.ts'
import { expectAccess } from './page-access.ts'

const STEP = 'One more step on GitHub'

function listPosts({ sandbox }: Demo): readonly unknown[] {
  return sandbox.requests.filter(({ method }) => method === 'POST')
}

/** From the click to GitHub's question who the customer is. */
async function goToAuthorize(page: Page, demo: Demo): Promise<Page> {
  await signIn(page, demo)
  const popup = await openGitHub(page, demo)
  await installOnGitHub(popup)
  await expect(popup.getByRole('heading')).toHaveText(STEP)
  await continueToAuthorize(popup)
  return popup
}

/** Answers GitHub's question, after which the window closes. */
async function press(popup: Page, button: 'Authorize' | 'Cancel'): Promise<void> {
  const closed = popup.waitForEvent('close')
  await popup.getByRole('button', { name: button, exact: true }).click()
  await closed
}

for (const ownership of ['own-app', 'partner-app'] as const) {
  test.describe(`with ${ownership}`, () => {
    test.use({ demoOptions: { ownership } })

    test('an owner connects after GitHub said who it is', async ({ page, demo }) => {
      await signIn(page, demo)
      const popup = await openGitHub(page, demo)
      await installOnGitHub(popup)
      await expect(popup.getByRole('heading')).toHaveText(STEP)
      await expect(popup.getByText('only an owner of the account can connect it')).toBeVisible()
      await expect(widgetOf(page)).toContainText(STEP)
      await expect(widgetOf(page).getByRole('button', { name: 'Continue on GitHub' })).toBeVisible()
      if (ownership === 'own-app') {
        await keepLooks(page, 'authorizing')
        await expectAccess(popup)
        await keepLooks(popup, 'page-one-more-step')
      }
      await continueToAuthorize(popup)
      await keepLooks(popup, `github-authorize-${ownership}`)
      expect(listPosts(demo)).toEqual([])
      await press(popup, 'Authorize')
      await expect(widgetOf(page)).toContainText('acme-coffee')
      expect(listPosts(demo)).toHaveLength(1)
    })

    for (const [who, login] of [
      ['a member who only reads', 'hubot'],
      ['a stranger', 'trent'],
    ] as const) {
      test(`${who} is told what to do, and nothing is posted`, async ({ page, demo }) => {
        const popup = await goToAuthorize(page, demo)
        await popup.getByRole('button', { name: `Switch to ${login}` }).click()
        await press(popup, 'Authorize')
        await expect(widgetOf(page)).toContainText('Only an owner can connect this account')
        await expect(widgetOf(page)).toContainText('Ask an owner, or choose an account you own.')
        await expect(widgetOf(page).getByRole('button', { name: 'Start over' })).toBeVisible()
        if (ownership === 'own-app' && login === 'trent') await keepLooks(page, 'ownership-not-proved')
        expect(listPosts(demo)).toEqual([])
      })
    }

    test('a stranger who swaps in the id of somebody else’s installation gets nothing', async ({
      page,
      demo,
    }) => {
      demo.sandbox.scenario('install', { account: 'acme-coffee' })
      demo.sandbox.scenario('return_installation_next', { account: 'acme-coffee' })
      await signIn(page, demo)
      const popup = await openGitHub(page, demo)
      await popup.getByRole('button', { name: 'Switch to trent' }).click()
      await installOnGitHub(popup, 'trent')
      await continueToAuthorize(popup)
      await press(popup, 'Authorize')
      await expect(widgetOf(page)).toContainText('Only an owner can connect this account')
      await expect(widgetOf(page)).not.toContainText('acme-coffee')
      expect(listPosts(demo)).toEqual([])
    })

    test('whoever declines on GitHub may start over, and then connects', async ({ page, demo }) => {
      await press(await goToAuthorize(page, demo), 'Cancel')
      await expect(widgetOf(page)).toContainText('You did not confirm who you are')
      if (ownership === 'own-app') await keepLooks(page, 'ownership-declined')
      expect(listPosts(demo)).toEqual([])
      const again = await openGitHub(page, demo, 'Start over')
      await installOnGitHub(again, 'acme-coffee', 'Save')
      await continueToAuthorize(again)
      await press(again, 'Authorize')
      await expect(widgetOf(page)).toContainText('acme-coffee')
    })

    test.describe('on a phone', { tag: '@phone' }, () => {
      const { defaultBrowserType: _engine, ...phone } = devices['Pixel 7']
      test.use(phone)

      test('both steps happen in the tab, which comes back to the page it left', async ({ page, demo }) => {
        await signIn(page, demo)
        await widgetOf(page).getByRole('button', { name: 'Connect GitHub' }).click()
        await page.waitForURL(`${demo.sandbox.githubUrl}/**`)
        await installOnGitHub(page)
        await expect(page.getByRole('heading')).toHaveText(STEP)
        await continueToAuthorize(page)
        await page.getByRole('button', { name: 'Authorize', exact: true }).click()
        await page.waitForURL(`${demo.hostUrl}/integrations`)
        await expect(widgetOf(page)).toContainText('acme-coffee')
        expect(page.context().pages()).toHaveLength(1)
      })
    })

    test.describe('with a session cookie that is SameSite=Strict', () => {
      test.use({ demoOptions: { ownership, sessionSameSite: 'Strict' } })

      test('connects: both returns are asked again from our own origin', async ({ page, demo }) => {
        await press(await goToAuthorize(page, demo), 'Authorize')
        await expect(widgetOf(page)).toContainText('acme-coffee')
      })
    })
  })
}

test.describe('with own-app', () => {
  test.use({ demoOptions: { ownership: 'own-app' } })

  test('needs no second step when the return of the installation brings a code', async ({ page, demo }) => {
    demo.sandbox.configureApp('connector', { requestAuthorizationOnInstall: true })
    await signIn(page, demo)
    const popup = await openGitHub(page, demo)
    const closed = popup.waitForEvent('close')
    await installOnGitHub(popup)
    await closed
    await expect(widgetOf(page)).toContainText('acme-coffee')
    expect(demo.sandbox.userTokens).toMatchObject([{ person: 'mona', app: 'connector' }])
  })

  test(
    'goes on from the widget when the window with the second step was closed',
    { tag: '@postgres' },
    async ({ page, demo }) => {
      await signIn(page, demo)
      const first = await openGitHub(page, demo)
      await installOnGitHub(first)
      await expect(first.getByRole('heading')).toHaveText(STEP)
      await first.close()
      const second = await openGitHub(page, demo, 'Continue on GitHub')
      await press(second, 'Authorize')
      await expect(widgetOf(page)).toContainText('acme-coffee')
      expect(demo.sandbox.states).toHaveLength(1)
    },
  )

  test.describe('and a token that expires before the second step', () => {
    test.use({ demoOptions: { ownership: 'own-app', identity: 'token', bffOrigin: 'other' } })

    test('goes on from the widget, which has a new one', async ({ page, demo }) => {
      await signIn(page, demo)
      const first = await openGitHub(page, demo)
      demo.advance(306_000)
      await installOnGitHub(first)
      await expect(widgetOf(page)).toContainText(STEP)
      await press(await openGitHub(page, demo, 'Continue on GitHub'), 'Authorize')
      await expect(widgetOf(page)).toContainText('acme-coffee')
    })
  })

  test.describe('and another account expected', () => {
    test.use({
      demoOptions: {
        ownership: 'own-app',
        findPerson: (id) => {
          const person = findPerson(id)
          return person && { ...person, expectedAccount: 'nordwind-shop' }
        },
      },
    })

    test('says so, and posts nothing', async ({ page, demo }) => {
      await press(await goToAuthorize(page, demo), 'Authorize')
      await expect(widgetOf(page)).toContainText('Another GitHub account is expected here')
      await keepLooks(page, 'account-mismatch')
      expect(listPosts(demo)).toEqual([])
    })
  })
})
