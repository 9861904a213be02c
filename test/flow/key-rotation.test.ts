// Secrets are replaced while customers connect: no request fails, and each flow is finished with the key that began it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { createBff, startServer, type Bff } from '../../bff/index.ts'
import { createDataKey } from '../../bff/data-keys.ts'
import { createCanaryKey } from '../stack/artefacts.ts'
import { createSandboxKey } from '../stack/canary-sandbox.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { createBffProcesses } from './bff-process.ts'
import { buildReturnUrl, listEvents } from './what-happened.ts'

const cleanUp: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step()
})

const OLD = createCanaryKey()
const NEW = createCanaryKey()

/** Away from what the tests leave behind: the files hold keys because they have to. */
function createKeyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'connect-github-keys-'))
  cleanUp.push(async () => rmSync(directory, { recursive: true }))
  return directory
}

/** A BFF whose keys are in files, at a Layers that knows both. */
async function start() {
  let bff: Bff | undefined
  const directory = createKeyDirectory()
  const env: Record<string, string> = {}
  const write = (name: string, text: string): void => {
    const file = join(directory, name)
    env[`${name}_FILE`] = file
    writeFileSync(file, text)
  }
  const stack = await startStack({
    sandbox: { keys: [createSandboxKey(OLD), createSandboxKey(NEW)] },
    bff: { limits: { startsPerUser: 10_000, startsPerTenant: 10_000 } },
    build: {
      createBff(options) {
        write('LAYERS_API_KEY', OLD)
        write('LAYERS_API_KEY_PREVIOUS', OLD)
        write('DATA_KEYS', createDataKey())
        bff = createBff({ ...options, layersApiKey: '', env })
        return bff
      },
      startServer,
    },
  })
  cleanUp.push(() => stack.close())
  for (const key of [OLD, NEW]) stack.artefacts.addCanary('key', key)
  const read = (name: string): string => readFileSync(join(directory, name), 'utf8')
  return { stack, write, read, reload: async () => bff?.reload() }
}

/** The keys of the calls of one kind that Layers got, oldest first. */
function keysOf({ sandbox }: Stack, method: string, path: RegExp): readonly string[] {
  return sandbox.requests
    .filter((request) => request.method === method && path.test(request.path))
    .map(({ headers }) => (headers['authorization'] === `Bearer ${NEW}` ? 'new' : 'old'))
}

it('finishes a flow with the key that began it, and begins the next with the new one', async () => {
  const { stack, write, reload } = await start()
  const ann = stack.browser('ann')
  const { flowId } = await ann.startFlow()
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
  write('LAYERS_API_KEY', NEW)
  expect(await reload()).toBe(true)
  await ann.navigate(returnUrl ?? '')
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
  expect(keysOf(stack, 'POST', /installation$/)).toEqual(['old'])
  await stack.browser('cora').startFlow()
  expect(keysOf(stack, 'GET', /install-url$/)).toEqual(['old', 'new'])
  expect(stack.logLines.join('')).not.toMatch(new RegExp(`${OLD}|${NEW}`))
})

it('tries the new key when the one that began a flow is there no more, which Layers may refuse', async () => {
  const { stack, write, reload } = await start()
  const ann = stack.browser('ann')
  const { flowId } = await ann.startFlow()
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
  write('LAYERS_API_KEY', NEW)
  write('LAYERS_API_KEY_PREVIOUS', NEW)
  expect(await reload()).toBe(true)
  await ann.navigate(returnUrl ?? '')
  // The sandbox holds a state to the key that it was given to.
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'refused' })
  expect(keysOf(stack, 'POST', /installation$/)).toEqual(['new'])
})

it('fails no request while partner keys and data keys are replaced under load', async () => {
  const { stack, write, read, reload } = await start()
  const firstDataKey = createDataKey()
  const over = new AbortController()
  let connected = 0
  let onConnected = (): void => undefined
  /** Connects and looks, again and again; `connect` and `waitForEnd` throw for any answer but the one they want. */
  async function keepConnecting(person: string, account: string): Promise<void> {
    stack.sandbox.scenario('install', { account })
    const installation = stack.sandbox.installations.find(({ account: { login } }) => login === account)
    while (!over.signal.aborted) {
      const browser = stack.browser(person)
      const { flowId } = await browser.startFlow()
      const state = new URL(await browser.getInstallUrl(flowId)).searchParams.get('state') ?? ''
      const returned = {
        installation_id: String(installation?.installationId),
        setup_action: 'install',
        state,
      }
      expect((await browser.navigate(buildReturnUrl(stack, returned))).status).toBe(303)
      expect(await browser.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
      await browser.getConnection()
      connected += 1
      onConnected()
    }
  }
  const load = Promise.all([keepConnecting('ann', 'acme-coffee'), keepConnecting('cora', 'nordwind-shop')])
  /** Until so many more have connected; rejects when somebody could not. */
  async function until(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const wanted = connected + count
    onConnected = () => {
      if (connected >= wanted) resolve()
    }
    await Promise.race([promise, load])
  }
  await until(2)
  const key = read('DATA_KEYS')
  for (const [name, text] of [
    ['LAYERS_API_KEY', NEW],
    ['DATA_KEYS', `${key},${firstDataKey}`],
    ['DATA_KEYS', `${firstDataKey},${key}`],
    ['LAYERS_API_KEY_PREVIOUS', NEW],
  ] as const) {
    write(name, text)
    expect(await reload()).toBe(true)
    await until(2)
  }
  over.abort()
  await load
  expect(listEvents(stack, 'secrets_reloaded')).toHaveLength(4)
  for (const event of ['request_failed', 'binding_failed', 'binding_unreadable', 'partner_key_refused'])
    expect([event, stack.logLines.filter((line) => line.includes(event))]).toEqual([event, []])
  expect(keysOf(stack, 'GET', /install-url$/).at(-1)).toBe('new')
})

it('keeps the keys that are in use when a data key is taken away that the store needs', async () => {
  const { stack, write, reload } = await start()
  const ann = stack.browser('ann')
  await ann.getConnection()
  write('LAYERS_API_KEY', NEW)
  write('DATA_KEYS', createDataKey())
  expect(await reload()).toBe(false)
  expect(listEvents(stack, 'secrets_not_reloaded')).toMatchObject([
    { detail: expect.stringContaining('Put the key it was sealed with at the end of that file') },
  ])
  await ann.startFlow()
  expect(keysOf(stack, 'GET', /install-url$/)).toEqual(['old'])
})

it('reads the files again on SIGHUP', async () => {
  const processes = await createBffProcesses()
  cleanUp.push(() => processes.close())
  const file = join(createKeyDirectory(), 'partner-key')
  writeFileSync(file, 'lp_test_before_the_key_that_Layers_knows')
  const bff = await processes.start({ env: { LAYERS_API_KEY: '', LAYERS_API_KEY_FILE: file } })
  expect(await bff.browser().startFlow()).toMatchObject({ status: 'blocked', error: 'partner_key_refused' })
  writeFileSync(file, processes.sandbox.key)
  bff.signal('SIGHUP')
  await processes.waitForOutput('"event":"secrets_reloaded"')
  expect(await bff.browser().startFlow()).toMatchObject({ status: 'waiting' })
})
