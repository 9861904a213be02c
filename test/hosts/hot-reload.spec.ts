// Hot reload in a real Vite dev server: the host's components change while a flow is open.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { createServer as createViteServer } from 'vite'
import { APP } from './build-pages.ts'
import { hostDirectory } from './build-hosts.ts'
import { callsOf, cardOf, expect, installOnGitHub, openGitHub, test } from './fixtures.ts'
import { BASE_PATH } from './host-server.ts'

test('keeps an open flow when the host is edited, and tells it once, by the new code', async ({
  page,
  host,
}) => {
  // Beside the host's node_modules, so that what the sources import is found there.
  const directory = mkdtempSync(join(hostDirectory(19), 'hot-reload-'))
  cpSync(APP, directory, { recursive: true })
  writeFileSync(
    join(directory, 'index.html'),
    '<!doctype html><title>Host</title><div id="root"></div><ol id="calls"></ol><script type="module" src="/main.tsx"></script>',
  )
  const vite = await createViteServer({
    root: directory,
    configFile: false,
    plugins: [react()],
    logLevel: 'silent',
    cacheDir: join(directory, '.vite'),
    // As a host's developers have it: the dev server in front, and for the backend everything comes from its own origin.
    server: {
      port: 0,
      host: 'localhost',
      proxy: { [BASE_PATH]: { target: host.url, headers: { origin: host.url } } },
    },
  })
  try {
    await vite.listen()
    const [url = ''] = vite.resolvedUrls?.local ?? []
    await page.goto(url)
    const popup = await openGitHub(page, host)
    await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'waiting')
    await page.getByRole('button', { name: 'Render again' }).click()

    const file = join(directory, 'SettingsPage.tsx')
    const text = readFileSync(file, 'utf8')
      .replace('<h1>Settings</h1>', '<h1>Preferences</h1>')
      .replace('`${connection', '`edited ${connection')
    writeFileSync(file, text)
    await expect(page.getByRole('heading', { name: 'Preferences' })).toBeVisible()
    // React kept the host's state, so the page was not loaded again.
    await expect(page.getByText('Render 2')).toBeVisible()
    await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'waiting')

    await installOnGitHub(popup)
    await expect(cardOf(page)).toContainText('acme-coffee')
    await expect(callsOf(page, /^onSuccess/)).toHaveText([
      'onSuccess at render 2: edited acme-coffee connected',
    ])
    await expect(callsOf(page, /^(onExit|onError)/)).toHaveCount(0)
  } finally {
    await vite.close()
    rmSync(directory, { recursive: true, force: true })
  }
})
