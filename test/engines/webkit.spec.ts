// The main flow in WebKitGTK, as far as WebDriver reaches: a real window, GitHub that cuts the opener, and what a customer sees.
import {
  expect,
  expectCard,
  expectUrl,
  find,
  installOnGitHub,
  openGitHub,
  press,
  signIn,
  test,
} from './fixtures.ts'
import { readNoise, watchPage } from './noise.ts'

test('connects in a popup, although GitHub cuts the opener, and disconnects', async ({ webkit, demo }) => {
  await signIn(webkit, demo)
  await find(webkit, 'Connect GitHub')
  await watchPage(webkit)
  const page = await webkit.currentWindow()
  await openGitHub(webkit, demo)
  expect(await webkit.run('return window.opener')).toBeNull()
  await installOnGitHub(webkit)
  await expect(async () => expect(await webkit.windows()).toEqual([page])).toPass()
  await webkit.switchTo(page)
  await expectCard(webkit, 'acme-coffee')
  expect(demo.sandbox.bindings.map(({ account }) => account.login)).toEqual(['acme-coffee'])

  await press(webkit, 'Disconnect')
  await press(webkit, 'Disconnect')
  await find(webkit, 'Connect GitHub')
  expect(await webkit.run('return document.activeElement.textContent')).toBe('Connect GitHub')
  expect(await readNoise(webkit), 'of a page that was not loaded again').toEqual([])
})

test('goes on in the tab with the same flow when the popup is blocked', async ({ webkit, demo }) => {
  await signIn(webkit, demo)
  await find(webkit, 'Connect GitHub')
  // A click that no person made carries no user activation, which is what the blocker looks for.
  await webkit.run('document.querySelector("[data-cgh-part=actions] > button").click()')
  await press(webkit, 'Continue in this tab')
  await expectUrl(webkit, demo.sandbox.githubUrl)
  expect(await webkit.windows()).toHaveLength(1)
  await installOnGitHub(webkit)
  await expectUrl(webkit, `${demo.hostUrl}/integrations`)
  await expectCard(webkit, 'acme-coffee')
  expect(demo.sandbox.states).toHaveLength(1)
})
