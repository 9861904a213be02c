// The front page of GitHub, and what it has in common with the settings pages.

import { describe, expect, it } from 'vitest'
import { openPage, pressButton } from './github-pages-client.ts'
import { send, startTestSandbox } from './sandbox-client.ts'

describe('the front page', () => {
  it.each([
    ['mona', ['acme-coffee', 'nordwind-shop', 'mona']],
    ['hubot', ['acme-coffee', 'hubot']],
  ])(
    'links %s to the App and to the settings of each account, and every link leads somewhere',
    async (person, accounts) => {
      const { sandbox } = await startTestSandbox()
      const cookie = `sandbox_person=${person}`
      const home = await openPage(`${sandbox.githubUrl}/`, cookie)
      expect(home.status).toBe(200)
      expect(Object.keys(home.links)).toEqual(['Install Layers Connector', ...accounts])
      const opened = await Promise.all(Object.values(home.links).map((url) => openPage(url, cookie)))
      expect(opened.map(({ status, heading }) => `${status} ${heading}`)).toEqual([
        '200 Install Layers Connector',
        ...accounts.map(() => '200 Installed GitHub Apps'),
      ])
    },
  )

  it('is where switching the person on it leads back to', async () => {
    const { sandbox } = await startTestSandbox()
    const page = await pressButton(await openPage(`${sandbox.githubUrl}/`), 'Switch to hubot')
    expect(page.url).toBe(`${sandbox.githubUrl}/`)
    expect(page.text).toContain('What hubot can reach here.')
  })
})

describe('each of these pages', () => {
  const PATHS = ['/', '/settings/installations', '/organizations/acme-coffee/settings/installations']

  it.each(PATHS)(
    '%s has the headers of the install page, says it is a sandbox and has no script',
    async (path) => {
      const { sandbox, getInstallUrl } = await startTestSandbox()
      sandbox.scenario('coop', { value: 'same-origin-allow-popups' })
      sandbox.scenario('install', { account: 'acme-coffee' })
      const [page, installPage] = [
        await send(`${sandbox.githubUrl}${path}`),
        await send((await getInstallUrl()).authUrl),
      ]
      const readHeaders = ({ headers }: { headers: Headers }) =>
        [...headers].filter(([name]) => !['content-length', 'date'].includes(name))
      expect(readHeaders(page)).toEqual(readHeaders(installPage))
      expect(page.text).toContain('Nothing on this page reaches github.com')
      expect(page.text).not.toContain('<script')
    },
  )

  it('is for an App with another name too', async () => {
    const { sandbox } = await startTestSandbox({ appSlug: 'acme & sons' })
    sandbox.scenario('install', { account: 'acme-coffee' })
    const url = `${sandbox.githubUrl}/organizations/acme-coffee/settings/installations`
    const page = await pressButton(await openPage(url), 'Configure')
    expect(page.status).toBe(200)
    expect(page.heading).toBe('Install Acme & sons')
  })
})
