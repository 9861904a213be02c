// Every error of Layers' two pages, and the state the customer sees for it.
import { expect, installOnGitHub, keepLooks, openGitHub, signIn, test, widgetOf } from './fixtures.ts'

const SETUP = 'cannot be connected right now'

const AT_START = [
  { status: 422, code: 'VALIDATION', says: SETUP },
  { status: 401, code: 'UNAUTHENTICATED', says: SETUP },
  { status: 403, code: 'FORBIDDEN_SCOPE', says: SETUP },
  { status: 403, code: 'RETURN_URL_NOT_ALLOWED', says: SETUP },
  { status: 429, code: 'RATE_LIMITED', says: 'went wrong' },
  { status: 503, code: 'KILL_SWITCH', says: 'switched off' },
] as const

for (const { status, code, says } of AT_START) {
  test(`shows "${says}" when Layers answers ${status} ${code} to the install URL`, async ({ page, demo }) => {
    demo.sandbox.scenario('fail_next', { route: 'install_url', status, code })
    await signIn(page, demo)
    await widgetOf(page).getByRole('button', { name: 'Connect GitHub' }).click()
    await expect(widgetOf(page)).toContainText(says)
    await keepLooks(page, `start-${code.toLowerCase()}`)
  })
}

const AT_BINDING = [
  { status: 422, code: 'VALIDATION', says: 'not installed' },
  { status: 401, code: 'UNAUTHENTICATED', says: SETUP },
  { status: 403, code: 'FORBIDDEN_SCOPE', says: SETUP },
  { status: 409, code: 'CONFLICT', says: 'already connected' },
  { status: 503, code: 'KILL_SWITCH', says: 'switched off' },
] as const

for (const { status, code, says } of AT_BINDING) {
  test(`shows "${says}" when Layers answers ${status} ${code} to the binding`, async ({ page, demo }) => {
    demo.sandbox.scenario('fail_next', { route: 'bind', status, code })
    await signIn(page, demo)
    await installOnGitHub(await openGitHub(page, demo))
    await expect(widgetOf(page)).toContainText(says)
    await keepLooks(page, `bind-${code.toLowerCase()}`)
  })
}

test('finishes by itself when Layers answers 429 RATE_LIMITED to the binding', async ({ page, demo }) => {
  demo.sandbox.scenario('fail_next', {
    route: 'bind',
    status: 429,
    code: 'RATE_LIMITED',
    retryAfterSeconds: 1,
  })
  await signIn(page, demo)
  await installOnGitHub(await openGitHub(page, demo))
  await expect(widgetOf(page)).toContainText('Finishing')
  await expect(widgetOf(page)).toContainText('acme-coffee')
})
