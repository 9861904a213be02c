// Starting and stopping: ports, several sandboxes at once, injected randomness, and the command line.

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DEFAULT_KEY, DEFAULT_KEYS, DEFAULT_ORGANIZATIONS, startSandbox } from '../../demo/sandbox/index.ts'
import { HELP, parseCliArguments } from '../../demo/sandbox/cli-arguments.ts'
import { installOnGithub, RETURN_URL, send, startTestSandbox } from './sandbox-client.ts'

const CLI = fileURLToPath(new URL('../../demo/sandbox/cli.ts', import.meta.url))

function run(...args: string[]) {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const output = { out: '', error: '' }
  child.stdout.on('data', (chunk: Buffer) => (output.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output.error += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)))
  return { child, output, ended }
}

describe('a sandbox', () => {
  it('listens on two origins of the loopback address', async () => {
    const { sandbox } = await startTestSandbox()
    expect(sandbox.layersUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(sandbox.githubUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(sandbox.githubUrl).not.toBe(sandbox.layersUrl)
    expect(sandbox.controlUrl).toBe(`${sandbox.layersUrl}/sandbox`)
    expect(sandbox.key).toBe(DEFAULT_KEY)
  })

  it('has a default key of the documented form', () => {
    expect(DEFAULT_KEY).toMatch(/^lp_test_SANDBOXKEY000001_[\w-]{43}$/)
  })

  it('does not see another one in the same process', async () => {
    const [one, other] = [await startTestSandbox(), await startTestSandbox()]
    one.sandbox.scenario('kill_switch', { on: true })
    const { installationId, state } = await installOnGithub(other)
    await other.bind(installationId, state)
    expect((await one.call('GET', '/v1/whoami')).status).toBe(503)
    expect(one.sandbox.installations).toEqual([])
    expect(one.sandbox.bindings).toEqual([])
    expect(one.sandbox.states).toEqual([])
  })

  it('closes both origins, and may be closed again', async () => {
    const { sandbox } = await startTestSandbox()
    await sandbox.close()
    await sandbox.close()
    await expect(send(sandbox.layersUrl)).rejects.toThrow('fetch failed')
    await expect(send(sandbox.githubUrl)).rejects.toThrow('fetch failed')
  })

  it('can be started again on the same ports', async () => {
    const { sandbox } = await startTestSandbox()
    const ports = {
      layersPort: Number(new URL(sandbox.layersUrl).port),
      githubPort: Number(new URL(sandbox.githubUrl).port),
    }
    await sandbox.close()
    const again = await startTestSandbox(ports)
    expect(again.sandbox.layersUrl).toBe(sandbox.layersUrl)
    expect(again.sandbox.githubUrl).toBe(sandbox.githubUrl)
  })

  it('does not start on a taken port, and leaves the other one free', async () => {
    const { sandbox } = await startTestSandbox()
    const layersPort = Number(new URL(sandbox.layersUrl).port)
    const { sandbox: free } = await startTestSandbox()
    const githubPort = Number(new URL(free.githubUrl).port)
    await free.close()
    await expect(startSandbox({ layersPort, githubPort })).rejects.toThrow('EADDRINUSE')
    expect((await startTestSandbox({ githubPort })).sandbox.githubUrl).toBe(free.githubUrl)
  })

  it('writes the host of an IPv6 address in brackets', async () => {
    const { sandbox, call } = await startTestSandbox({ host: '::1' })
    expect(sandbox.layersUrl).toMatch(/^http:\/\/\[::1\]:\d+$/)
    expect((await call('GET', '/v1/whoami')).status).toBe(200)
    expect((await send(`${sandbox.controlUrl}/state`)).status).toBe(200)
  })

  it('takes its randomness from where it is told', async () => {
    const { getInstallUrl } = await startTestSandbox({ randomBytes: (size) => new Uint8Array(size).fill(7) })
    expect((await getInstallUrl()).state).toBe('BwcH'.repeat(8))
  })

  it('logs a line per request, without query, key or state', async () => {
    const lines: string[] = []
    const test = await startTestSandbox({ log: (line) => lines.push(line) })
    const { installationId, state } = await installOnGithub(test)
    await test.bind(installationId, state)
    expect(lines).toHaveLength(4)
    expect(lines[0]).toMatch(/^layers GET \/v1\/github\/installation\/install-url 200 req_\w{26}$/)
    for (const secret of [state, DEFAULT_KEY, String(installationId), RETURN_URL]) {
      expect(lines.join('\n')).not.toContain(secret)
    }
  })

  it('keeps the latest 10,000 requests and drops older ones', async () => {
    const { createRequestLog } = await import('../../demo/sandbox/request-log.ts')
    const log = createRequestLog()
    const base = { at: 0, method: 'GET', path: '/v1/whoami', query: {}, rawQuery: '', headers: {} }
    for (let count = 0; count < 10_001; count += 1) log.start({ ...base, requestId: `req_${count}` })
    log.setStatus('req_0', 200)
    expect(log.list()).toHaveLength(10_000)
    expect(log.list()[0]?.requestId).toBe('req_1')
  })

  it('keeps as many requests and states as it is given room for', async () => {
    const { sandbox, getInstallUrl } = await startTestSandbox({ capacity: 2 })
    for (let count = 0; count < 3; count += 1) await getInstallUrl()
    expect(sandbox.requests).toHaveLength(2)
    expect(sandbox.states).toHaveLength(2)
  })

  it('lets mona install on further accounts', async () => {
    const { sandbox } = await startTestSandbox({ accounts: ['one-more', 'another-one'] })
    sandbox.scenario('install', { account: 'another-one' })
    expect(sandbox.installations).toMatchObject([
      { account: { login: 'another-one', type: 'Organization' }, repositories: ['another-one/main'] },
    ])
  })

  it('is not started with two accounts of one name', async () => {
    await expect(startSandbox({ accounts: ['Acme-Coffee'] })).rejects.toThrow('the same login')
  })

  it.each([
    ['no keys', { keys: [] }, 'at least one key'],
    ['a key of an unknown organization', { keys: DEFAULT_KEYS, organizations: [] }, 'not in organizations'],
    [
      'a child without its parent',
      {
        keys: DEFAULT_KEYS,
        organizations: [
          DEFAULT_ORGANIZATIONS.parent,
          { ...DEFAULT_ORGANIZATIONS.globex, parentOrganizationId: 'org_x' },
        ],
      },
      'has the parent org_x',
    ],
    [
      'an organization twice',
      { keys: DEFAULT_KEYS, organizations: [DEFAULT_ORGANIZATIONS.parent, DEFAULT_ORGANIZATIONS.parent] },
      'the same id',
    ],
  ])('is not started with %s', async (_what, options, message) => {
    await expect(startSandbox(options)).rejects.toThrow(message)
  })
})

describe('the command line', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('prints where it is, and stops cleanly on %s', async (signal) => {
    const { child, output, ended } = run('--layers-port', '0', '--github-port', '0', '--allow-loopback-http')
    await expect.poll(() => output.out, { timeout: 15_000 }).toContain('LAYERS_API_KEY=')
    const environment = Object.fromEntries(
      [...output.out.matchAll(/(LAYERS_API_URL|GITHUB_URL|LAYERS_API_KEY)=(\S+)/g)].map(([, name, value]) => [
        name,
        value,
      ]),
    )
    const query = new URLSearchParams({ returnUrl: 'http://localhost:8787/return' })
    const answer = await send(
      `${environment['LAYERS_API_URL']}/v1/github/installation/install-url?${query}`,
      {
        headers: { Authorization: `Bearer ${environment['LAYERS_API_KEY']}` },
      },
    )
    expect(answer.status).toBe(200)
    expect(String(answer.json?.['authUrl'])).toContain(`${environment['GITHUB_URL']}/apps/`)
    child.kill(signal)
    expect(await ended).toBe(0)
    expect(output.error).toBe('')
  })

  it('prints its help', async () => {
    const { output, ended } = run('--help')
    expect(await ended).toBe(0)
    expect(output.out).toBe(HELP)
  })

  it.each([['--layers-port', '70000'], ['--github-port', 'x'], ['--what'], ['positional']])(
    'ends with status 1 and says why for %s %s',
    async (...args) => {
      const { output, ended } = run(...args)
      expect(await ended).toBe(1)
      expect(output.error).toContain(args.at(-1))
      expect(output.error).toContain('--help')
    },
  )

  it('listens on 4001 and 4002 of 127.0.0.1 unless told otherwise', () => {
    expect(parseCliArguments([])).toEqual({
      kind: 'start',
      isQuiet: false,
      options: { host: '127.0.0.1', layersPort: 4001, githubPort: 4002, allowLoopbackHttpReturnUrls: false },
    })
  })
})
