// What the card tells of the connected account: its picture, which no browser asks GitHub for, and its repositories.
import { installOnGitHub, openGitHub, signIn, widgetOf } from './customer.ts'
import { expect, test } from './fixtures.ts'

test('shows the picture from the BFF under a strict policy, and lists the repositories', async ({
  page,
  demo,
}) => {
  const askedOfGitHub: string[] = []
  page.on('request', (request) => {
    if (request.url().startsWith(demo.sandbox.githubUrl)) askedOfGitHub.push(request.url())
  })
  await signIn(page, demo)
  const popup = await openGitHub(page, demo)
  await installOnGitHub(popup)
  const card = widgetOf(page)
  await expect(card).toContainText('Connected to acme-coffee')
  const picture = card.locator('[data-cgh-part=mark] img')
  await expect(picture).toHaveJSProperty('complete', true)
  await expect(picture).toHaveJSProperty('naturalWidth', 80)
  expect(await picture.getAttribute('src')).toContain(`${demo.bffUrl}/avatar?v=`)
  expect(askedOfGitHub).toEqual([])

  await card.getByText('6 repositories').click()
  const link = card.getByRole('link', { name: 'acme-coffee/menu-web' })
  await expect(link).toBeVisible()
  await expect(link).toHaveAttribute('href', `${demo.sandbox.githubUrl}/acme-coffee/menu-web`)
})
