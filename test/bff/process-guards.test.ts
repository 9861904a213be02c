// The command's last resorts: what nothing caught, a log that nobody reads, and a signal before it listens.
import { createServer } from 'node:net'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createDataKey } from '../../bff/data-keys.ts'
import { copyBroken } from '../flow/broken-bff.ts'
import { createCanaryKey } from '../stack/artefacts.ts'
import { startCli, type CliOptions } from './cli-process.ts'

const IDENTIFY = ['--identify', fileURLToPath(new URL('failing-identify.ts', import.meta.url))]

const ask = (url: string, cookie = 'none'): Promise<Response> =>
  fetch(`${url}/connect/github/connection`, { headers: { cookie, 'sec-fetch-site': 'same-origin' } })

describe('what nothing has caught', () => {
  async function fail(how: 'throw' | 'reject', options: CliOptions = {}) {
    const key = createCanaryKey()
    const bff = startCli({ args: IDENTIFY, env: { LAYERS_API_KEY: key }, ...options })
    await ask(await bff.listening, `fail=${how}`).catch(() => undefined)
    return { key, ...(await bff.ended) }
  }

  it.each([
    ['throw', 'uncaughtException'],
    ['reject', 'unhandledRejection'],
  ] as const)('ends the process with one line that quotes nothing: %s', async (how, reason) => {
    const { key, code, stdout, stderr } = await fail(how)
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    const lines = stdout.split('\n').filter((line) => line.includes('"event":"crashed"'))
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', reason, error: { name: 'TypeError' } })
    expect(stdout).not.toContain(key)
    expect(stdout).not.toContain('could not use')
  })

  it('would be printed with the secret by Node itself', async () => {
    const directory = copyBroken([
      { file: 'process-guards.ts', from: `process.on('uncaughtException'`, to: `process.on('none'` },
    ])
    const { key, stderr } = await fail('throw', { directory })
    expect(stderr).toContain(key)
  })
})

describe('when nobody reads the log any more', () => {
  async function goOn(options: CliOptions = {}) {
    const bff = startCli({ args: IDENTIFY, ...options })
    const url = await bff.listening
    bff.closeStdout()
    const statuses = []
    for (let count = 0; count < 3; count += 1) {
      statuses.push(
        await ask(url).then(
          ({ status }) => status,
          () => 0,
        ),
      )
    }
    bff.stop()
    const { code } = await bff.ended
    return { statuses, code }
  }

  it('serves on and stops as ever', async () => {
    expect(await goOn()).toEqual({ statuses: [401, 401, 401], code: 0 })
  })

  it('would end without the handler', async () => {
    const directory = copyBroken([{ file: 'cli.ts', from: `  outliveLogReaders()\n`, to: '' }])
    expect(await goOn({ directory })).toMatchObject({ code: 1 })
  })
})

it('ends at once on a signal before it listens, e.g. while the database does not answer', async () => {
  const silent = createServer((socket) => void socket.on('error', () => undefined))
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  onTestFinished(() => void silent.close())
  const address = silent.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const bff = startCli({
    args: IDENTIFY,
    env: { DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/none`, DATA_KEYS: createDataKey() },
  })
  await once(silent, 'connection')
  bff.stop()
  expect(await bff.ended).toMatchObject({ code: 0, stderr: '' })
})

it('says that it is not ready, serves on for DRAIN_SECONDS, and no longer when the signal comes again', async () => {
  const bff = startCli({ args: IDENTIFY, env: { DRAIN_SECONDS: '60' } })
  const url = await bff.listening
  const first = await fetch(`${url}/readyz`)
  expect([first.status, first.headers.get('connection')]).toEqual([200, 'keep-alive'])
  bff.stop()
  // A signal may take a moment to arrive; nothing else answers 503 here.
  let ready = first
  while (ready.status !== 503) ready = await fetch(`${url}/connect/github/readyz`)
  expect(await ready.json()).toEqual({ status: 'not_ready' })
  const served = await ask(url)
  expect([served.status, served.headers.get('connection')]).toEqual([401, 'close'])
  bff.stop()
  expect(await bff.ended).toMatchObject({ code: 0, stderr: '' })
})
