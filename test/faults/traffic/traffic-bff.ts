// Starts and kills BFF processes under load. A process is loaded first and opened later, so that a kill is followed by a start at once.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { COMPILE_CACHE } from '../../stack/compile-cache.ts'
import { noticeSchema, type Kill, type Notice, type Opening, type Order } from './orders.ts'

const PROGRAM = fileURLToPath(new URL('traffic-bff-process.ts', import.meta.url))
const BFF_DIRECTORY = fileURLToPath(new URL('../../../bff', import.meta.url))
export const TRAFFIC_ORIGIN = 'http://localhost:9999'
export const TRAFFIC_PUBLIC_URL = `${TRAFFIC_ORIGIN}/connect/github`

export interface TrafficBff {
  readonly pid: number
  /** Opens the store and listens; its base URL. */
  open(opening: Opening): Promise<string>
  /** It kills itself when it gets there. */
  killAt(kill: Kill): Promise<void>
  /** How far its clock is ahead of the real one, if it was opened with a clock of its own. */
  setClock(offsetMs: number): Promise<void>
  signal(name: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void
  /** Everything it wrote. */
  output(): string
  /** Resolves when it is gone, whatever ended it. */
  readonly gone: Promise<void>
  readonly isGone: () => boolean
}

export interface TrafficBffOptions {
  /** Another directory of the BFF's source. */
  readonly directory?: string
  readonly onOutput?: (text: string) => void
}

/** Resolves when everything is loaded. The caller has to end it. */
export async function loadTrafficBff(options: TrafficBffOptions = {}): Promise<TrafficBff> {
  const { directory = BFF_DIRECTORY, onOutput } = options
  const child = spawn(process.execPath, [PROGRAM, directory], {
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
      onOutput?.(text)
    })
  }
  let isGone = false
  child.once('close', () => (isGone = true))
  const gone = (async (): Promise<void> => void (await once(child, 'close')))()

  /** Rejects when the process ends instead. */
  async function expectNotice(): Promise<Notice> {
    const { promise, resolve } = Promise.withResolvers<Notice>()
    const receive = (message: unknown): void => resolve(noticeSchema.parse(message))
    child.once('message', receive)
    const ended = gone.then((): never => {
      throw new BffGoneError(output)
    })
    try {
      return await Promise.race([promise, ended])
    } finally {
      child.off('message', receive)
    }
  }

  async function give(order: Order): Promise<Notice> {
    const answer = expectNotice()
    // A process that is gone is noticed by the answer that never comes.
    child.send(order, () => undefined)
    return answer
  }

  await expectNotice()
  const { pid } = child
  if (pid === undefined) throw new BffGoneError(output)
  return {
    pid,
    async open(opening) {
      const notice = await give({ order: 'open', opening })
      if (notice.notice !== 'listening') throw new Error('the BFF does not listen')
      return `http://127.0.0.1:${notice.port}/connect/github`
    },
    killAt: async (kill) => void (await give({ order: 'kill', kill })),
    setClock: async (offsetMs) => void (await give({ order: 'clock', offsetMs })),
    signal: (name) => void child.kill(name),
    output: () => output,
    gone,
    isGone: () => isGone,
  }
}

/** It ended before it did what it was told: killed itself on the way, or could not start. */
export class BffGoneError extends Error {
  constructor(output: string) {
    super(`the BFF is gone:\n${output}`)
    this.name = 'BffGoneError'
  }
}
