// What a customer does in the browser: signs in, presses the widget's buttons, and goes through GitHub's pages.
import type { Page } from '@playwright/test'
import type { Demo } from '../../demo/start-demo.ts'

export type PersonName = 'Ada Lindqvist' | 'Vic Moreau' | 'Gus Okafor'

/** Signs in and opens the integrations page. */
export async function signIn(page: Page, demo: Demo, name: PersonName = 'Ada Lindqvist'): Promise<void> {
  await page.goto(`${demo.hostUrl}/login`)
  await page.getByRole('button', { name }).click()
  await page.waitForURL(`${demo.hostUrl}/`)
  await page.goto(`${demo.hostUrl}/integrations`)
}

/** From any page of the host; ends on its sign-in page. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole('banner').getByRole('button').click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/login')
}

/** The widget on the page. */
export function widgetOf(page: Page) {
  return page.getByRole('region', { name: 'GitHub', exact: true })
}

/** Presses Connect and waits until the popup shows the sandbox's GitHub. */
export async function openGitHub(page: Page, demo: Demo, button = 'Connect GitHub'): Promise<Page> {
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    widgetOf(page).getByRole('button', { name: button }).click(),
  ])
  await popup.waitForURL(`${demo.sandbox.githubUrl}/**`)
  return popup
}

/** Chooses an account on the sandbox's install page and presses the button. */
export async function installOnGitHub(
  github: Page,
  account = 'acme-coffee',
  button = 'Install',
): Promise<void> {
  await github.getByRole('radio', { name: account }).check()
  await github.getByRole('button', { name: button, exact: true }).click()
}

/** From the page that announces the second step to GitHub's question who the customer is. */
export async function continueToAuthorize(github: Page): Promise<void> {
  await github.getByRole('link', { name: 'Continue on GitHub' }).click()
  await github.waitForURL('**/login/oauth/authorize?**')
}
