// The key file beside the database: private, whole, and the same for every process.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createDataKey, DATA_KEY_PATTERN, readOrCreateDataKeys } from '../../bff/data-keys.ts'

let directory: string
let file: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'connect-github-keys-'))
  file = join(directory, 'connect-github.db.keys')
})
afterEach(() => rmSync(directory, { recursive: true }))

const read = (): string[] => readOrCreateDataKeys(file).map((key) => key.reveal((value) => value))

it('makes keys of 32 random bytes', () => {
  const keys = Array.from({ length: 1000 }, createDataKey)
  expect(new Set(keys).size).toBe(1000)
  for (const key of keys) {
    expect(key).toMatch(DATA_KEY_PATTERN)
    expect(Buffer.from(key, 'base64url')).toHaveLength(32)
  }
})

it('makes a file that only its owner can read, and reads the same key from it ever after', () => {
  const before = process.umask(0)
  try {
    const made = read()
    expect(made).toHaveLength(1)
    expect(read()).toEqual(made)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(directory)).toEqual(['connect-github.db.keys'])
  } finally {
    process.umask(before)
  }
})

it('gives processes that start at once the same key', async () => {
  const script = join(fileURLToPath(import.meta.url), '..', 'data-keys-process.ts')
  const run = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [script, file])
      let text = ''
      child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
      child.on('error', reject)
      child.on('close', (code) => (code === 0 ? resolve(text) : reject(new Error(`exit code ${code}`))))
    })
  const keys = await Promise.all([run(), run(), run(), run()])
  expect(new Set(keys)).toEqual(new Set([readFileSync(file, 'utf8').trim()]))
  expect(keys[0]).toMatch(DATA_KEY_PATTERN)
  expect(readdirSync(directory)).toEqual(['connect-github.db.keys'])
})

it('reads several keys, newest first', () => {
  const keys = [createDataKey(), createDataKey()]
  writeFileSync(file, `${keys.join('\n')}\n`)
  expect(read()).toEqual(keys)
})

it.each([
  ['nothing', ''],
  ['an empty line', '\n'],
  ['text', 'hello\n'],
  ['a key of 31 bytes', `${'A'.repeat(42)}\n`],
  ['a key of 33 bytes', `${'A'.repeat(44)}\n`],
  ['a key in standard base64', `${'A'.repeat(42)}+\n`],
  ['a key with spaces', ` ${'A'.repeat(43)}\n`],
  ['a key and a comment', `${'A'.repeat(43)}\n# newest\n`],
  ['bytes', '\u0000\u0001'],
])('refuses a file that holds %s, and names the file but not what is in it', (_, content) => {
  writeFileSync(file, content)
  const failure = (() => {
    try {
      return String(read())
    } catch (error) {
      return String(error)
    }
  })()
  expect(failure).toContain(`${file} must hold one data key a line`)
  expect(failure).not.toContain('A'.repeat(42))
})

it('does not replace a file that it cannot use', () => {
  writeFileSync(file, 'precious')
  expect(read).toThrow('must hold one data key')
  expect(readFileSync(file, 'utf8')).toBe('precious')
})

it('fails when the directory cannot be written, instead of going on with a key that is lost later', () => {
  const inside = join(directory, 'missing', 'x.keys')
  expect(() => readOrCreateDataKeys(inside)).toThrow('ENOENT')
})
