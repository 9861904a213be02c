// The scan command: green only when it looked at something, found nothing, and finds what is planted.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCanaryKey } from '../stack/artefacts.ts'
import { checkScanFinds, findInFile } from './positive-control.ts'

const script = join(fileURLToPath(import.meta.url), '..', 'scan-artefacts.ts')
const key = createCanaryKey()
const token = 'ghu_t0k3n0fTh1sT3st0123456789abcdefghijkl'
const state = 'St4t3-of-this-test_0123456789abc'
let directory: string
let stack: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'connect-github-scan-'))
  stack = join(directory, 'stack-1')
  for (const name of ['stack-1/databases', 'stack-1/crashes', 'packages'])
    mkdirSync(join(directory, name), { recursive: true })
  const canaries = [
    { kind: 'key', value: key },
    { kind: 'token', value: token },
    { kind: 'state', value: state },
    { kind: 'installation', value: '61200417' },
  ]
  writeFileSync(
    join(stack, 'canaries.jsonl'),
    canaries.map((canary) => `${JSON.stringify(canary)}\n`).join(''),
  )
  writeFileSync(join(stack, 'logs.txt'), '{"event":"started"}\n')
  writeFileSync(join(stack, 'answers.txt'), '200\n{}\n')
  writeFileSync(join(stack, 'databases', 'x.db'), Buffer.alloc(4096))
})
afterEach(() => rmSync(directory, { recursive: true }))

function scan(env: Record<string, string> = { ARTEFACTS_DIR: directory }): {
  status: number | null
  output: string
} {
  const { ARTEFACTS_DIR: _, ...others } = process.env
  const result = spawnSync(process.execPath, [script], { env: { ...others, ...env }, encoding: 'utf8' })
  return { status: result.status, output: result.stdout + result.stderr }
}

it('is green when nothing leaks, and says what it looked at', () => {
  const { status, output } = scan()
  expect(output).toMatch(/logs +1 +20 +0/)
  expect(output).toMatch(/4 values looked for; (\d+) planted leaks, \1 found/)
  expect(output).not.toContain(key)
  expect(status).toBe(0)
})

describe('is red', () => {
  it.each([
    ['a key in the log', 'logs.txt', key],
    ['a part of a key in the log', 'logs.txt', key.slice(-20)],
    ['a key in an answer', 'answers.txt', Buffer.from(`x${key}`).toString('base64')],
    ['a key in a page', 'pages.txt', key],
    ['a token in the log', 'logs.txt', token],
    ['a token in a page', 'pages.txt', token],
    ['a token in a database', 'databases/x.db', Buffer.from(token).toString('base64')],
    ['a key in a database', 'databases/x.db-wal', gzipSync(key)],
    ['a key in a report', '../browser.json', `{"error":"${key}"}`],
    ['a key in a log file', '../some.log', key],
    ['a key in the metrics', 'metrics.txt', `x{key="${key}"} 1`],
    ['a key in what an error says of itself', 'errors.txt', key.slice(-12)],
    ['a key in a crash report', 'crashes/report.json', `"LAYERS_API_KEY": "${key}"`],
    ['a key in a package', '../packages/bff.tgz', gzipSync(key)],
    ['a state in a row of PostgreSQL', 'databases/database_1-flows.txt', `(1,${state},x)`],
    ['an installation id in a row of PostgreSQL', 'databases/database_1-flows.txt', '(1,61200417,x)'],
    ['a state in the log', 'logs.txt', `state=${state}`],
    ['a state in an answer', 'answers.txt', `location: /x?state=${state}`],
    ['a state in a database', 'databases/x.db', state],
    ['an installation id in the log', 'logs.txt', '{"id":61200417}'],
    ['an installation id in an answer', 'answers.txt', '{"id":"61200417"}'],
    ['an installation id in a database', 'databases/x.db', 'id61200417'],
  ])('for %s', (_, file, content) => {
    writeFileSync(join(stack, file), content)
    const { status, output } = scan()
    expect(output).toMatch(/leak in .*: (key|token|state|installation) \(/)
    expect(output).not.toContain(key)
    expect(output).not.toContain(state)
    expect(status).toBe(1)
  })

  it.each(['logs.txt', 'answers.txt', 'databases/x.db'])('when there is no %s to look at', (file) => {
    rmSync(join(stack, file))
    expect(scan()).toMatchObject({ status: 1, output: expect.stringContaining('nothing to scan') })
  })

  it('when there is nothing to look for', () => {
    rmSync(join(stack, 'canaries.jsonl'))
    expect(scan()).toMatchObject({ status: 1, output: expect.stringContaining('nothing to look for') })
  })

  it('when it is not told where to look', () => {
    expect(scan({})).toMatchObject({ status: 1, output: expect.stringContaining('ARTEFACTS_DIR') })
    expect(scan({ ARTEFACTS_DIR: join(directory, 'nowhere') }).status).toBe(1)
  })
})

it('lets GitHub’s own page carry state and id, because it has to', () => {
  writeFileSync(join(stack, 'pages.txt'), `https://github.com/x?state=${state}&installation_id=61200417`)
  expect(scan().status).toBe(0)
})

it('notices when it has become blind', () => {
  const blind = checkScanFinds([], () => 0)
  expect(blind.missed).toHaveLength(blind.planted)
  expect(blind.planted).toBeGreaterThan(100)
  const hasty = checkScanFinds([], (path, canary) => (canary.kind === 'state' ? 0 : findInFile(path, canary)))
  expect(hasty.missed.length).toBeGreaterThan(0)
  expect(hasty.missed.every((what) => what.includes('state'))).toBe(true)
  expect(checkScanFinds([]).missed).toEqual([])
})
