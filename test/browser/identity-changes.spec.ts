// Somebody signs in or out, or loses the role, while GitHub is open: what the customer reads, and that nothing is posted.
import { findPerson, type Person } from '../../demo/people.ts'
import type { Demo } from '../../demo/start-demo.ts'
import {
  expect,
  installOnGitHub,
  keepLooks,
  openGitHub,
  signIn,
  signOut,
  test,
  widgetOf,
} from './fixtures.ts'

/** Longer than a connect token lives. */
const TOKEN_TIME_MS = 306_000

function listPosts({ sandbox }: Demo): readonly unknown[] {
  return sandbox.requests.filter(({ method }) => method === 'POST')
}

test('shows whoever is signed in now when the tab comes back to the front', async ({
  page,
  demo,
  context,
}) => {
  await signIn(page, demo)
  const popup = await openGitHub(page, demo)
  const other = await context.newPage()
  await other.goto(demo.hostUrl)
  await signOut(other)
  await signIn(other, demo, 'Gus Okafor')
  await page.evaluate(() => window.dispatchEvent(new Event('focus')))
  await expect(widgetOf(page).getByRole('button', { name: 'Connect GitHub' })).toBeVisible()
  const closed = popup.waitForEvent('close')
  await installOnGitHub(popup)
  await closed
  await expect(widgetOf(page)).not.toContainText('acme-coffee')
  expect(listPosts(demo)).toEqual([])
})

for (const [identity, bffOrigin] of [
  ['session', 'same'],
  ['token', 'other'],
] as const) {
  test.describe(`with the identity of a ${identity}`, () => {
    test.use({ demoOptions: { identity, bffOrigin } })

    const ended = 'Somebody else signed in meanwhile'
    for (const [name, says] of [
      // With a session Ada's page is Gus's from now on: when it asks before it is told, it shows what is his.
      ['Gus Okafor', identity === 'token' ? ended : /Somebody else signed in|Connect your GitHub/],
      // With a session Ada's page is Vic's from now on, who may only look.
      ['Vic Moreau', identity === 'token' ? ended : 'Only an administrator'],
    ] as const) {
      test(`connects nothing for Ada when ${name} signs in in another tab`, async ({
        page,
        demo,
        context,
      }) => {
        await signIn(page, demo)
        const popup = await openGitHub(page, demo)
        const other = await context.newPage()
        await other.goto(demo.hostUrl)
        await signOut(other)
        await signIn(other, demo, name)
        await expect(widgetOf(other)).not.toContainText('Loading')
        const closed = popup.waitForEvent('close')
        await installOnGitHub(popup)
        await expect(widgetOf(page)).toContainText(says)
        await closed
        await keepLooks(page, `person-changed-${name.slice(0, 3).toLowerCase()}-${identity}`)
        await other.reload()
        await expect(widgetOf(other)).not.toContainText('acme-coffee')
        expect(listPosts(demo)).toEqual([])
      })
    }

    test('asks to sign in again when nobody is signed in any more, and goes on when the same person is', async ({
      page,
      demo,
      context,
    }) => {
      await signIn(page, demo)
      const popup = await openGitHub(page, demo)
      const other = await context.newPage()
      await other.goto(demo.hostUrl)
      await signOut(other)
      // A token that was given before holds for its own few minutes; a session ends at once.
      if (identity === 'token') demo.advance(TOKEN_TIME_MS)
      await installOnGitHub(popup)
      await expect(widgetOf(page)).toContainText('Please sign in')
      expect(listPosts(demo)).toEqual([])
      if (identity === 'session') {
        await expect(popup.getByRole('heading')).toHaveText('Not finished yet')
        await keepLooks(popup, 'page-signed-out')
      }

      await signIn(other, demo)
      await expect(widgetOf(other)).toContainText('acme-coffee')
      expect(listPosts(demo)).toHaveLength(1)
    })

    test.describe('', () => {
      const roles = new Map<string, Person['role']>()
      test.beforeEach(() => roles.clear())
      test.use({
        demoOptions: {
          identity,
          bffOrigin,
          findPerson: (id) => {
            const person = findPerson(id)
            return person && { ...person, role: roles.get(id) ?? person.role }
          },
        },
      })

      test('connects nothing for somebody who lost the role meanwhile', async ({ page, demo }) => {
        await signIn(page, demo)
        const popup = await openGitHub(page, demo)
        roles.set('ada', 'viewer')
        if (identity === 'token') demo.advance(TOKEN_TIME_MS)
        const closed = popup.waitForEvent('close')
        await installOnGitHub(popup)
        await expect(widgetOf(page)).toContainText('Only an administrator can change this')
        await closed
        await keepLooks(page, 'role-lost')
        expect(listPosts(demo)).toEqual([])
      })
    })
  })
}
