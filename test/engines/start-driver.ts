// Starts WebKitGTK's driver on a display of its own.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { getWebKit } from './find-webkit.ts'
import { send, startSession, type Session } from './webdriver.ts'

const START_MS = 30_000
const ASK_EVERY_MS = 100

export interface Driver {
  startBrowser(): Promise<Session>
  stop(): void
}

/** @throws Error when WebKitGTK is missing, or does not start within half a minute. */
export async function startDriver(): Promise<Driver> {
  const { driver, browser, display } = getWebKit()
  const children: ChildProcess[] = []
  const stop = () => {
    for (const child of children) child.kill()
  }
  // Also when the tests end otherwise than by their end.
  process.once('exit', stop)

  // It picks a free number, and says which. The screen has room for pictures of many cards.
  const options = ['-displayfd', '1', '-screen', '0', '1400x4000x24', '-nolisten', 'tcp']
  const screen = spawn(display, options, { stdio: ['ignore', 'pipe', 'ignore'] })
  children.push(screen)
  const ended = once(screen, 'exit').then(() => Promise.reject(new Error('The X server did not start.')))
  // It ends by itself in the end; that is an error only for whoever waits for the number.
  ended.catch(() => undefined)
  const signal = AbortSignal.timeout(START_MS)
  const [number] = await Promise.race([once(screen.stdout, 'data', { signal }), ended])

  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const program = spawn(driver, [`--port=${port}`], {
    stdio: 'ignore',
    env: { ...process.env, DISPLAY: `:${String(number).trim()}` },
  })
  children.push(program)
  await waitUntilReady(url, program)
  return {
    startBrowser: () =>
      startSession(url, {
        acceptInsecureCerts: true,
        'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] },
      }),
    stop,
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('There is no free port.')
  return address.port
}

async function waitUntilReady(url: string, program: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS
  for (;;) {
    const isReady = await send(`${url}/status`, 'GET').then(
      () => true,
      () => false,
    )
    if (isReady) return
    if (program.exitCode !== null || Date.now() > deadline) throw new Error('WebKitWebDriver did not start.')
    await sleep(ASK_EVERY_MS)
  }
}
