// Links of somebody else's flow that are sent to a victim: what is installed in the victim's browser connects nothing to the attacker.
import type { Page } from '@playwright/test'
import { expect, installOnGitHub, openGitHub, signIn, test, widgetOf, type RunningDemo } from './fixtures.ts'

const LAUNCH = /\/flows\/[\w-]{22}\/launch/

interface Links {
  /** The BFF's page that leads to GitHub. */
  readonly launchUrl: string
  /** GitHub's page with the state of the attacker's flow. */
  readonly installUrl: string
  /** Where GitHub sends the browser after the attacker has installed. */
  readonly returnUrl: () => Promise<string>
}

/** Gus starts a flow in a browser of his own, and keeps its links for others. */
async function startAttack(page: Page, demo: RunningDemo): Promise<Links> {
  await signIn(page, demo, 'Gus Okafor')
  const [launch, popup] = await Promise.all([
    page.context().waitForEvent('request', (sent) => LAUNCH.test(sent.url())),
    openGitHub(page, demo),
  ])
  return {
    launchUrl: launch.url().replace(/\?.*/, ''),
    installUrl: popup.url(),
    returnUrl: () => catchReturnUrl(popup),
  }
}

/** The URL GitHub would send the browser to, without going there. */
async function catchReturnUrl(github: Page): Promise<string> {
  const answer = await github.request.post(github.url(), {
    form: { account: 'acme-coffee' },
    maxRedirects: 0,
  })
  const location = answer.headers()['location']
  if (location === undefined) throw new Error('the sandbox did not redirect')
  return location
}

for (const [identity, bffOrigin] of [
  ['session', 'same'],
  ['token', 'other'],
] as const) {
  test.describe(`with the identity of a ${identity}`, () => {
    test.use({ demoOptions: { identity, bffOrigin } })

    test('connects nothing when a victim opens the return URL of somebody else’s flow', async ({
      page,
      demo,
      newBrowser,
    }) => {
      const { returnUrl } = await startAttack(page, demo)
      const victim = await (await newBrowser()).newPage()
      await signIn(victim, demo)
      await victim.goto(await returnUrl())
      await expect(victim.getByRole('heading')).toHaveText('Started in another browser')
      await victim.goto(`${demo.hostUrl}/integrations`)
      await expect(widgetOf(victim).getByRole('button', { name: 'Connect GitHub' })).toBeVisible()
      await expect(widgetOf(page).getByRole('button', { name: 'Cancel' })).toBeVisible()
      expect(demo.sandbox.bindings).toEqual([])
    })

    test('connects nothing when a victim is sent to the GitHub URL of somebody else’s flow', async ({
      page,
      demo,
      newBrowser,
    }) => {
      const { installUrl } = await startAttack(page, demo)
      const victim = await (await newBrowser()).newPage()
      await signIn(victim, demo)
      await victim.goto(installUrl)
      await installOnGitHub(victim)
      await expect(victim.getByRole('heading')).toHaveText('Started in another browser')
      await expect(widgetOf(page).getByRole('button', { name: 'Cancel' })).toBeVisible()
      expect(demo.sandbox.bindings).toEqual([])
    })

    for (const [who, isSignedIn] of [
      ['who is signed in', true],
      ['who is not', false],
    ] as const) {
      test(`leads nobody ${who} to GitHub from the launch page of somebody else’s flow`, async ({
        page,
        demo,
        newBrowser,
      }) => {
        const { launchUrl } = await startAttack(page, demo)
        const other = await newBrowser()
        const stranger = await other.newPage()
        if (isSignedIn) await signIn(stranger, demo)
        // The cookie of a flow may come a few seconds after its page; after that, the page says what is wrong.
        demo.advance(6_000)
        await stranger.goto(launchUrl)
        const says =
          identity === 'token' ? 'started in another browser' : isSignedIn ? undefined : 'Please sign in'
        if (says === undefined) await expect(stranger.getByRole('heading')).toHaveText('Opening GitHub…')
        else await expect(stranger.getByText(says)).toBeVisible()
        expect(stranger.url()).toBe(launchUrl)
        expect((await other.cookies()).filter(({ name }) => name.startsWith('__Host-'))).toEqual([])
      })
    }
  })
}

test.describe('control: a BFF that does not look in which browser a flow was started', () => {
  test.use({
    demoOptions: { identity: 'token', bffOrigin: 'other' },
    broken: {
      breakages: [
        {
          file: 'bff/flows/flow-cookie.ts',
          from: 'return secrets.isCookieOf(flow, readCookies(request).get(flowCookieName(flow.flowId)))',
          to: 'return Boolean(flow && secrets && request)',
        },
      ],
    },
  })

  test('gives the attacker what the victim installs', async ({ page, demo, newBrowser }) => {
    const { launchUrl, installUrl } = await startAttack(page, demo)
    const victim = await (await newBrowser()).newPage()
    await victim.goto(launchUrl)
    await victim.waitForURL(installUrl)
    await installOnGitHub(victim)
    await expect(widgetOf(page)).toContainText('acme-coffee')
    expect(demo.sandbox.bindings).toHaveLength(1)
  })
})
