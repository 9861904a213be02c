// How files of secrets are read again: when told to, when they have changed, and not when they cannot be used.
import { mkdtempSync, rmSync, symlinkSync, writeFileSync, renameSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readConfig, type Config } from '../../bff/config.ts'
import { listSecretFiles } from '../../bff/config-secret-files.ts'
import { createLog } from '../../bff/log.ts'
import { createSecretReload, SECRET_FILES_EVERY_MS } from '../../bff/secret-reload.ts'
import { StorageError } from '../../bff/storage/storage.ts'
import { createCanaryKey } from '../stack/artefacts.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const step of cleanUp.splice(0).toReversed()) await step()
})

function open(change: { readonly use?: (config: Config) => Promise<void> } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'connect-github-secrets-'))
  cleanUp.push(() => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, 'key')
  const first = createCanaryKey()
  writeFileSync(file, `${first}\n`)
  const env = { LAYERS_API_KEY_FILE: file, PUBLIC_URL: 'https://app.example.com/connect/github' }
  const lines: string[] = []
  const log = createLog({ level: 'trace', stream: { write: (line) => void lines.push(line) }, secrets: [] })
  const used: string[] = []
  const reload = createSecretReload({
    files: listSecretFiles(env),
    read: () => readConfig({}, env),
    use: change.use ?? (async ({ layersApiKey }) => void used.push(layersApiKey.reveal((value) => value))),
    log,
  })
  cleanUp.push(() => reload.stop())
  const events = (): string[] => lines.map((line): string => JSON.parse(line).event)
  return { directory, file, first, reload, used, lines, log, events }
}

describe('told to, it', () => {
  it('reads the files again and takes what they hold into use', async () => {
    const { file, reload, used, events } = open()
    const next = createCanaryKey()
    writeFileSync(file, next)
    expect(await reload.reload()).toBe(true)
    expect(used).toEqual([next])
    expect(events()).toEqual(['secrets_reloaded'])
  })

  it('hides what is new from the log, and what was there before as well', async () => {
    const { file, first, reload, log, lines } = open()
    await reload.reload()
    const next = createCanaryKey()
    writeFileSync(file, next)
    await reload.reload()
    const [a, b] = [first, next].map((key) => Buffer.from(key).toString('hex'))
    log.info('started', { detail: `${a} ${b}` })
    expect(lines.at(-1)).toContain('"detail":"[secret] [secret]"')
  })

  it.each([
    ['empty', '', /LAYERS_API_KEY_FILE names a file that is empty or cannot be read: check path/],
    ['not a key', 'two words', /LAYERS_API_KEY must be the key alone/],
  ])('keeps the former secrets when a file is %s, and says how to mend it', async (_, text, cure) => {
    const { file, reload, used, events, lines } = open()
    writeFileSync(file, text)
    expect(await reload.reload()).toBe(false)
    expect(used).toEqual([])
    expect(events()).toEqual(['secrets_not_reloaded'])
    expect(lines[0]).toMatch(cure)
    expect(lines[0]).not.toContain('two words')
  })

  it('keeps the former secrets when they cannot be taken into use', async () => {
    const { reload, lines } = open({ use: () => Promise.reject(new Error('lp_test_quoted')) })
    expect(await reload.reload()).toBe(false)
    expect(lines[0]).toMatch(/secrets_not_reloaded.*Put the key it was sealed with at the end of that file/)
    expect(lines[0]).not.toContain('quoted')
  })
})

describe('by itself, it', () => {
  it('tries again when the store could not be asked, although the file has not changed since', async () => {
    let isAway = true
    const used: Config[] = []
    const { file, reload, events, lines } = open({
      async use(config) {
        if (isAway) throw new StorageError('busy')
        used.push(config)
      },
    })
    writeFileSync(file, createCanaryKey())
    await reload.look()
    await reload.look()
    expect(events()).toEqual(['secrets_not_reloaded'])
    expect(lines[0]).toContain('while the store cannot be asked')
    isAway = false
    await reload.look()
    expect([used.length, events().at(-1)]).toEqual([1, 'secrets_reloaded'])
    await reload.look()
    expect(used).toHaveLength(1)
  })

  it('takes a changed file into use once it is the same at two looks', async () => {
    const { file, reload, used } = open()
    await reload.look()
    writeFileSync(file, createCanaryKey().slice(0, 20))
    await reload.look()
    const next = createCanaryKey()
    writeFileSync(file, next)
    await reload.look()
    expect(used).toEqual([])
    await reload.look()
    expect(used).toEqual([next])
    await reload.look()
    expect(used).toHaveLength(1)
  })

  it('sees through the links that Kubernetes replaces', async () => {
    const { directory, file, reload, used } = open()
    const next = createCanaryKey()
    for (const [version, key] of [createCanaryKey(), next].entries()) {
      mkdirSync(join(directory, `v${version}`))
      writeFileSync(join(directory, `v${version}`, 'key'), key)
    }
    symlinkSync('v0', join(directory, 'data'))
    rmSync(file)
    symlinkSync(join('data', 'key'), file)
    await reload.look()
    await reload.look()
    expect(used).toHaveLength(1)
    symlinkSync('v1', join(directory, 'data-next'))
    renameSync(join(directory, 'data-next'), join(directory, 'data'))
    await reload.look()
    await reload.look()
    expect(used.at(-1)).toBe(next)
  })

  it('says once that a file cannot be used, and takes it when it is mended', async () => {
    const { file, reload, used, events } = open()
    rmSync(file)
    for (const look of [1, 2, 3, 4]) await reload.look().then(() => look)
    expect(events()).toEqual(['secrets_not_reloaded'])
    const next = createCanaryKey()
    writeFileSync(file, next)
    await reload.look()
    await reload.look()
    expect(used).toEqual([next])
  })

  it('looks every five seconds, and never after it was stopped', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { file, reload, used } = open()
    const next = createCanaryKey()
    writeFileSync(file, next)
    await vi.advanceTimersByTimeAsync(2 * SECRET_FILES_EVERY_MS)
    // Waits for the looks that were begun.
    await reload.look()
    expect(used).toEqual([next])
    await reload.stop()
    expect(vi.getTimerCount()).toBe(0)
    writeFileSync(file, createCanaryKey())
    await reload.look()
    await reload.look()
    expect(await reload.reload()).toBe(false)
    expect(used).toHaveLength(1)
  })
})
