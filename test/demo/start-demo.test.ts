// The factory that starts the demo: its files, its failures, and its end.
import { mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { buildWeb, WEB_DIRECTORY } from '../../demo/build-web.ts'
import { listen } from '../../demo/host/listen.ts'
import { startDemo } from '../../demo/start-demo.ts'
import { createVisitor, startFlow } from './visitor.ts'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'demo-test-'))
})

afterEach(() => rm(directory, { recursive: true, force: true }))

describe('its files', () => {
  it('stay in a directory that was given, and hold no key and no session', async () => {
    const demo = await startDemo({ dataDirectory: directory })
    const visitor = createVisitor(demo.hostUrl)
    await visitor.signIn('ada')
    await visitor.get('/connect/github/connection')
    await demo.close()
    const names = await readdir(directory)
    expect(names).toEqual(expect.arrayContaining(['bff.log', 'connect-github.db']))
    for (const name of names) {
      const content = await readFile(join(directory, name), 'latin1')
      expect(content).not.toContain(demo.sandbox.key)
      expect(content).not.toContain(visitor.cookies().split('=')[1])
    }
    expect((await readFile(join(directory, 'bff.log'), 'utf8')).trim()).not.toBe('')
  })

  it('go with a directory that was not given', async () => {
    const demo = await startDemo({ build: false })
    await expect(readdir(demo.dataDirectory)).resolves.toContain('bff.log')
    await demo.close()
    await expect(readdir(demo.dataDirectory)).rejects.toThrow('ENOENT')
  })

  it('leave out the log when somebody else takes the lines', async () => {
    const lines: string[] = []
    const demo = await startDemo({
      dataDirectory: directory,
      databaseFile: join(directory, 'own-name.db'),
      logStream: { write: (line) => lines.push(line) },
      build: false,
    })
    await createVisitor(demo.hostUrl).get('/connect/github/connection')
    await demo.close()
    expect(demo.logFile).toBeUndefined()
    expect(lines).not.toEqual([])
    const names = await readdir(directory)
    expect(names).toContain('own-name.db')
    expect(names).not.toContain('bff.log')
  })
})

describe('its ports', () => {
  it('are listened on by a host and a sandbox that are two sites to a browser', async () => {
    const demo = await startDemo({ build: false })
    expect(new URL(demo.hostUrl).hostname).toBe('localhost')
    expect(new URL(demo.sandbox.githubUrl).hostname).toBe('127.0.0.1')
    await demo.close()
  })

  it('are free again when one of them was taken', async () => {
    const occupant = await listen(0)
    const hostPort = Number(new URL(occupant.url).port)
    const layersPort = await findFreePort()
    await expect(startDemo({ hostPort, layersPort, build: false })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port: hostPort,
    })
    const again = await startDemo({ layersPort, build: false })
    await again.close()
    await occupant.close()
  })
})

it('can be closed twice', async () => {
  const demo = await startDemo({ build: false })
  await Promise.all([demo.close(), demo.close()])
  await expect(fetch(demo.hostUrl)).rejects.toThrow('fetch failed')
})

it('ends within seconds although Layers leaves the BFF waiting', async () => {
  const demo = await startDemo({ build: false })
  const visitor = createVisitor(demo.hostUrl)
  await visitor.signIn('ada')
  await startFlow(visitor)
  demo.sandbox.scenario('install', { account: 'acme-coffee' })
  demo.sandbox.scenario('delay_next', { route: 'bind', delayMs: 60_000 })
  const [installation] = demo.sandbox.installations
  const [flow] = demo.sandbox.states
  const answer = `installation_id=${installation?.installationId}&setup_action=install&state=${flow?.state}`
  expect(await visitor.followForeignLink(`/connect/github/return?${answer}`)).toBe(303)
  const isWaiting = () => demo.sandbox.requests.some(({ method }) => method === 'POST')
  await vi.waitFor(() => expect(isWaiting()).toBe(true))
  const startedAt = performance.now()
  await demo.close()
  expect(performance.now() - startedAt).toBeLessThan(5000)
})

it('answers a request that came before there was anything to answer it', async () => {
  const server = await listen(0)
  const early = fetch(server.url)
  server.mount((_request, response) => response.end('mounted'))
  expect(await (await early).text()).toBe('mounted')
  await server.close()
})

it('builds the web app only when something it is made of has changed', async () => {
  const page = join(WEB_DIRECTORY, 'index.html')
  await buildWeb()
  await utimes(page, 0, 0)
  expect([await buildWeb(), await buildWeb()]).toEqual([true, false])
})

async function findFreePort(): Promise<number> {
  const server = await listen(0)
  await server.close()
  return Number(new URL(server.url).port)
}
