// The keys a database was sealed with: a start without them fails in words, and they can be replaced without losing anything.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createBff, type BffOptions } from '../../bff/index.ts'
import { createDataKey } from '../../bff/data-keys.ts'
import { readAllRows } from '../bff/unchanged.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'

const cleanUp: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step()
})

let stack: Stack
let dataKeys: readonly string[]
/** One BFF after the other, each with the keys that `dataKeys` holds by then. */
async function startWithKeys(keys: readonly string[]): Promise<void> {
  dataKeys = keys
  stack = await startStack({
    bff: {
      get dataKeys() {
        return dataKeys
      },
    },
  })
  cleanUp.push(() => stack.close())
}

function restartWith(...keys: readonly string[]): Promise<void> {
  dataKeys = keys
  return stack.restart()
}

/** A BFF on the stack's database, mounted in a host of its own; and what it logs. */
async function mountOnDatabase(options: Partial<BffOptions> = {}) {
  const logLines: string[] = []
  const bff = createBff({
    identify: () => ({ tenantId: 'northwind', userId: 'ann', canConnect: true }),
    layersApiKey: stack.key,
    layersApiUrl: stack.sandbox.layersUrl,
    publicUrl: stack.publicUrl,
    databaseUrl: `file:${stack.databaseFile}`,
    logStream: { write: (line) => void logLines.push(line) },
    env: {},
    ...options,
  })
  const host = createServer((request, response) => void bff.handler(request, response))
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
  cleanUp.push(async () => {
    host.closeAllConnections()
    await new Promise((resolve) => host.close(resolve))
    await bff.close()
  })
  const address = host.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { bff, url: `http://127.0.0.1:${port}/connect/github`, logLines }
}

const failureOf = (ready: Promise<void>): Promise<string> =>
  ready.then(
    () => 'it started',
    (error: unknown) => (error instanceof Error ? error.message : 'not an Error'),
  )

describe('a used database whose key file is gone', () => {
  let keyFile: string
  beforeEach(async () => {
    await startWithKeys([])
    keyFile = `${stack.databaseFile}.keys`
    const { flow } = await stack.browser('ann').connect()
    await stack.browser('ann').waitForEnd(flow.flowId)
  })

  it('fails to start, names the file, makes no new one, and answers 503', async () => {
    const restored = readFileSync(keyFile)
    const files = readdirSync(dirname(keyFile)).filter((file) => file.includes('.keys'))
    expect(files).toHaveLength(1)
    rmSync(keyFile)
    const rows = readAllRows(stack.databaseFile)['meta']
    const { bff, url, logLines } = await mountOnDatabase()
    expect(await failureOf(bff.ready)).toMatch(
      new RegExp(`cannot be read.*restore ${keyFile} from the backup`),
    )
    expect(existsSync(keyFile)).toBe(false)
    expect(readdirSync(dirname(keyFile)).filter((file) => file.includes('.keys'))).toEqual([])
    for (const path of ['/connection', '/readyz', '/return?state=x', '/flows/AAAAAAAAAAAAAAAAAAAAAA/done']) {
      const answer = await fetch(url + path, { redirect: 'manual' })
      expect(answer.status).toBe(503)
      expect(await answer.json()).toMatchObject({ error: { code: 'storage_unavailable' } })
    }
    expect(logLines.join('')).toMatch(new RegExp(`"event":"start_failed".*restore ${keyFile}`))
    expect(readAllRows(stack.databaseFile)['meta']).toEqual(rows)

    writeFileSync(keyFile, restored, { mode: 0o600 })
    await stack.restart()
    expect(await stack.browser('ann').getConnection()).toMatchObject({ status: 'connected' })
  })

  it('fails to start with keys of its own in DATA_KEYS as well, and names that', async () => {
    const other = createDataKey()
    const { bff, logLines } = await mountOnDatabase({ dataKeys: [other] })
    const failure = await failureOf(bff.ready)
    expect(failure).toContain('add the key it was sealed with to the end of DATA_KEYS')
    expect(failure + logLines.join('')).not.toContain(other)
  })
})

it('makes a key file for a database that has none yet, and starts', async () => {
  await startWithKeys([])
  expect(existsSync(`${stack.databaseFile}.keys`)).toBe(true)
  await stack.restart()
  expect(await stack.browser('ann').startFlow()).toMatchObject({ status: 'waiting' })
})

describe('replacing a data key', () => {
  const [older, newer, foreign] = [createDataKey(), createDataKey(), createDataKey()]
  beforeEach(() => startWithKeys([older]))

  it('goes on with both keys, seals anew, and then needs the new one only', async () => {
    const ann = stack.browser('ann')
    const { flow: first } = await ann.connect()
    expect(await ann.waitForEnd(first.flowId)).toMatchObject({ status: 'connected' })
    const bob = stack.browser('bob')
    const { flowId } = await bob.startFlow()
    const returnUrl = await bob.submitOnGitHub(await bob.getInstallUrl(flowId), { account: 'acme-coffee' })
    const before = readAllRows(stack.databaseFile)['meta']

    await restartWith(newer, older)
    const resealed = readAllRows(stack.databaseFile)['meta']
    expect(resealed).toHaveLength(before?.length ?? 0)
    expect(resealed).not.toEqual(before)
    await bob.navigate(returnUrl ?? '')
    expect(await bob.waitForEnd(flowId)).toMatchObject({ status: 'connected' })

    await restartWith(newer)
    expect(readAllRows(stack.databaseFile)['meta']).toEqual(resealed)
    // The secret is the same one: the connection's installation is recognized, and the flow has the name it had.
    stack.advance(31_000)
    let view = await ann.getConnection()
    expect(view.refreshing).toBe(true)
    while (view.refreshing) view = await ann.getConnection()
    expect(view).toMatchObject({ status: 'connected', reason: null, account: { login: 'acme-coffee' } })
    expect((await ann.getFlow(first.flowId)).reference).toBe(first.reference)
  })

  it('is not over after a start with both keys in the old order', async () => {
    await restartWith(older, newer)
    await expect(restartWith(newer)).rejects.toThrow('DATA_KEYS')
    await restartWith(older)
  })

  it.each([
    ['the key is replaced outright', [newer]],
    ['other keys are listed', [newer, foreign]],
  ])('fails to start, and names DATA_KEYS and none of them, when %s', async (_, keys) => {
    const failure = await failureOf(restartWith(...keys))
    expect(failure).toContain(`The database ${stack.databaseFile} cannot be read with the keys at hand`)
    expect(failure).toContain('add the key it was sealed with to the end of DATA_KEYS')
    for (const key of [older, ...keys]) expect(failure + stack.logLines.join('')).not.toContain(key)
    await restartWith(...keys, older)
    expect(await stack.browser('ann').startFlow()).toMatchObject({ status: 'waiting' })
  })
})
