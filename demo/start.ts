// `npm run demo`: starts the demo on fixed ports, says what to click, and stops on Ctrl-C.
import { stderr, stdout, version } from 'node:process'

const OLDEST_NODE = [22, 18] as const
const STOP_TIMEOUT_MS = 5000

function isTooOld(nodeVersion: string): boolean {
  const [major = 0, minor = 0] = nodeVersion.replace(/^v/, '').split('.').map(Number)
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])
}

async function run(): Promise<void> {
  // Loaded here rather than at the top, so that an old Node says what is wrong before it meets what it cannot read.
  const { findPortCure, readSettings } = await import('./settings.ts')
  const settings = readSettings(process.env)
  const { startDemo } = await import('./start-demo.ts')
  const { describeDemo } = await import('./instructions.ts')

  const starting = startDemo(settings).catch((error: unknown) => {
    const cure = findPortCure(error, settings)
    throw cure === undefined ? error : new Error(cure, { cause: error })
  })
  stopOnSignal(starting)
  stdout.write('Starting the demo (the first time, its web app is built) …\n')
  stdout.write(describeDemo(await starting, settings))
}

// npm passes a signal on that the terminal has already sent, so the same Ctrl-C can arrive twice.
function stopOnSignal(starting: Promise<{ close(): Promise<void> }>): void {
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    stdout.write('\nStopping …\n')
    setTimeout(() => fail('The demo did not stop in time and was ended.'), STOP_TIMEOUT_MS).unref()
    starting.then((demo) => demo.close()).then(() => process.exit(0), fail)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

function fail(reason: unknown): void {
  stderr.write(`${reason instanceof Error ? reason.message : String(reason)}\n`)
  process.exit(1)
}

if (isTooOld(version)) {
  fail(
    `The demo needs Node ${OLDEST_NODE.join('.')} or newer, and this is ${version}. Run it with: npm run demo`,
  )
} else {
  run().catch(fail)
}
