// `node demo/start.ts` as a real process: what it says, and how it ends.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { get } from 'node:http'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { listen } from '../../demo/host/listen.ts'
import { COMPILE_CACHE } from '../stack/compile-cache.ts'

const START = fileURLToPath(new URL('../../demo/start.ts', import.meta.url))
const FREE_PORTS = { DEMO_PORT: '0', SANDBOX_LAYERS_PORT: '0', SANDBOX_GITHUB_PORT: '0' }

interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  output(): string
  /** Resolves when the output contains the text; rejects when the process ends before. */
  said(text: string): Promise<void>
  readonly exit: Promise<number | null>
}

const started: Running[] = []

function start(environment: Record<string, string>): Running {
  const child = spawn(process.execPath, [START], {
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: COMPILE_CACHE, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const exit = once(child, 'close').then(([code]: (number | null)[]) => code ?? null)
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (output.includes(text)) resolve()
      }
      child.stdout.on('data', look)
      void exit.then(() => reject(new Error(`ended without saying "${text}":\n${output}`)))
      look()
    })
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const running = { child, output: () => output, said, exit }
  started.push(running)
  return running
}

afterEach(async () => {
  for (const { child, exit } of started.splice(0)) {
    child.kill('SIGKILL')
    await exit
  }
})

function urlsIn(output: string): string[] {
  return [...new Set(output.match(/http:\/\/[\w.]+:\d+[\w/-]*/g))]
}

it.each(['SIGINT', 'SIGTERM'] as const)(
  'says where everything is, and on %s stops at once although browsers are still connected',
  async (signal) => {
    const demo = start(FREE_PORTS)
    await demo.said('Ctrl-C stops everything.')
    const urls = urlsIn(demo.output())
    expect(urls).toEqual([
      expect.stringMatching(/^http:\/\/localhost:\d+$/),
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/sandbox$/),
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/apps\/layers-connector\/installations\/new$/),
    ])
    // fetch keeps its connections open, as a browser does.
    for (const url of urls) expect((await fetch(url)).ok).toBe(true)
    const unfinished = get(`${urls[0]}/login`, { headers: { Connection: 'keep-alive' } })
    await once(unfinished, 'response')
    unfinished.on('error', () => {})

    const directory = /In (\S+), removed at the end/.exec(demo.output())?.[1] ?? ''
    expect(existsSync(directory)).toBe(true)
    demo.child.kill(signal)
    demo.child.kill(signal)
    expect(await demo.exit).toBe(0)
    expect(existsSync(directory)).toBe(false)
  },
)

it('stops when told to while it is still starting', async () => {
  const demo = start(FREE_PORTS)
  await demo.said('Starting the demo')
  demo.child.kill('SIGINT')
  expect(await demo.exit).toBe(0)
})

it('names the cure for a port that is in use, and ends', async () => {
  const occupant = await listen(0)
  const { port } = new URL(occupant.url)
  try {
    const demo = start({ ...FREE_PORTS, SANDBOX_LAYERS_PORT: port })
    expect(await demo.exit).toBe(1)
    expect(demo.output()).toContain(`Port ${port}, meant for the sandbox’s Layers, is in use.`)
    expect(demo.output()).toContain('SANDBOX_LAYERS_PORT=4101 npm run demo')
  } finally {
    await occupant.close()
  }
})

it('names a setting that is wrong, and ends', async () => {
  const demo = start({ ...FREE_PORTS, DEMO_PORT: 'eighty' })
  expect(await demo.exit).toBe(1)
  expect(demo.output()).toContain('DEMO_PORT is "eighty"')
})
