// What the README says about backups, done: taken while the BFF runs, restored elsewhere, and finished from there.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createBffProcesses, type BffProcesses } from './bff-process.ts'

const ROOT = join(import.meta.dirname, '../..')

let processes: BffProcesses
beforeEach(async () => {
  processes = await createBffProcesses()
})
afterEach(() => processes.close())

/** The README's commands below "Back up and restore", block by block. */
function readCommands(): readonly string[] {
  const readme = readFileSync(join(ROOT, 'bff/README.md'), 'utf8')
  const section = readme.slice(readme.indexOf('### Back up and restore'))
  return [...section.matchAll(/```sh\n([^`]+)```/g)].map(([, commands]) => commands ?? '')
}

/** Runs one of them with the places of this test in it. */
function run(commands: string, places: Readonly<Record<string, string>>): void {
  let text = commands
  for (const [theirs, ours] of Object.entries(places)) text = text.replaceAll(theirs, ours)
  const { status, stderr } = spawnSync('sh', ['-ec', text], {
    encoding: 'utf8',
    env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` },
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
}

/** A return that was accepted, and that Layers does not record yet. */
async function acceptReturn() {
  processes.sandbox.scenario('fail_next', {
    route: 'bind',
    status: 429,
    code: 'RATE_LIMITED',
    retryAfterSeconds: 3,
  })
  const bff = await processes.start()
  const ann = bff.browser()
  const { flow, answer } = await ann.connect()
  expect(answer.status).toBe(303)
  await vi.waitUntil(() => processes.output().includes('"binding_retry"'), { timeout: 10_000, interval: 5 })
  return { bff, ann, flowId: flow.flowId }
}

it('finishes an accepted return from a backup that was taken while the BFF ran, with the README’s commands', async () => {
  const { bff, ann, flowId } = await acceptReturn()
  const [backUp = '', restore = ''] = readCommands()
  const data = dirname(processes.databaseFile)
  const place = (name: string): string => {
    const directory = join(data, '..', name)
    mkdirSync(directory, { mode: 0o700 })
    return directory
  }
  const [backups, safe, elsewhere] = [place('backups'), place('safe'), place('elsewhere')]
  run(backUp, {
    '/opt/connect-github': ROOT,
    '/var/lib/connect-github': data,
    '/var/backups': backups,
    '/root': safe,
  })
  for (const name of [join(backups, 'connect-github.db'), join(safe, 'connect-github.db.keys')])
    expect(statSync(name).mode & 0o777).toBe(0o600)
  bff.signal('SIGKILL')
  await bff.exit

  run(restore, { '/var/lib/connect-github': elsewhere, '/var/backups': backups, '/root': safe })
  const restored = join(elsewhere, 'connect-github.db')
  const second = await processes.start({ databaseUrl: `file:${restored}` })
  expect(statSync(restored).mode & 0o777).toBe(0o600)
  const later = second.browser()
  for (const [name, value] of ann.cookies) later.cookies.set(name, value)
  expect(await later.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
  expect(processes.sandbox.bindings).toHaveLength(1)
})

it('would miss the return in a copy of the file alone, so this test can see a loss', async () => {
  const { bff, ann, flowId } = await acceptReturn()
  const copy = join(dirname(processes.databaseFile), 'copy.db')
  cpSync(processes.databaseFile, copy)
  cpSync(`${processes.databaseFile}.keys`, `${copy}.keys`)
  bff.signal('SIGKILL')
  await bff.exit
  const second = await processes.start({ databaseUrl: `file:${copy}` })
  const later = second.browser()
  for (const [name, value] of ann.cookies) later.cookies.set(name, value)
  await expect(later.getFlow(flowId)).rejects.toThrow('404')
})
