// Runs the demo's BFF as two processes on one PostgreSQL database, behind a balancer that changes process at every request.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createDataKey } from '../../bff/data-keys.ts'
import type { Bff, BffOptions } from '../../bff/index.ts'
import { adoptKoaRequest, isMeantForBff } from '../../bff/mount.ts'
import { COMPILE_CACHE } from '../stack/compile-cache.ts'
import { startRoundRobin } from '../stack/round-robin.ts'
import { fromProcessSchema, type FromProcess, type ToProcess } from './bff-messages.ts'
import { forward } from './forward.ts'

const PROGRAM = fileURLToPath(new URL('bff-on-postgres-process.ts', import.meta.url))
const BFF_DIRECTORY = fileURLToPath(new URL('../../bff', import.meta.url))

export interface TwoProcessesOptions {
  readonly databaseUrl: string
  /** The BFF's source; default the real one. */
  readonly directory?: string | undefined
  /** False leaves the second process without requests, as a control. */
  readonly isHopping: boolean
}

export interface TwoProcesses {
  /** For the demo: takes the place of the BFF's own. */
  readonly createBff: (options: BffOptions) => Bff
  /** The paths that each process was asked for, oldest first. */
  readonly asked: readonly (readonly string[])[]
  /** Sets what both add to the clock; requests that come later find it so. */
  setClock(offsetMs: number): void
}

export function createTwoProcesses({
  databaseUrl,
  directory = BFF_DIRECTORY,
  isHopping,
}: TwoProcessesOptions): TwoProcesses {
  const asked: string[][] = [[], []]
  let offsetMs = 0
  let children: readonly RunningProcess[] = []
  let clockIsSet: Promise<unknown> = Promise.resolve()

  function createBff(options: BffOptions): Bff {
    const { identify, now: _now, logStream, ...plain } = options
    const start = async () => {
      const balancer = await startRoundRobin({ readyPath: `${basePathOf(options)}/readyz` })
      const message: ToProcess = {
        kind: 'start',
        directory,
        options: { ...plain, databaseUrl, dataKeys: [dataKey], env: {} },
        asksTest: identify !== undefined,
        offsetMs,
      }
      children = await Promise.all(
        asked.map((paths) =>
          startProcess(message, { identify, logStream, onRequest: (path) => paths.push(path) }),
        ),
      )
      for (const { url } of isHopping ? children : children.slice(0, 1)) await balancer.add(url)
      return balancer
    }
    const dataKey = createDataKey()
    const starting = start()
    const ready = starting.then(() => undefined)
    // Whoever awaits `ready` hears of it as well.
    ready.catch(() => undefined)

    const handler: Bff['handler'] = async (request, response) => {
      const { url } = await starting
      await clockIsSet
      await forward(url, request, response)
    }
    return {
      handler,
      middleware: async (ctx, next) => {
        adoptKoaRequest(ctx)
        if (!isMeantForBff(ctx.req, basePathOf(options))) return next()
        ctx.respond = false
        await handler(ctx.req, ctx.res)
      },
      ready,
      metrics: () => Promise.resolve(''),
      reload: () => Promise.resolve(true),
      drain: () => undefined,
      async close() {
        const balancer = await starting.catch(() => undefined)
        await Promise.all(children.map((child) => child.stop()))
        await balancer?.close()
      },
    }
  }

  return {
    createBff,
    asked,
    setClock(value) {
      offsetMs = value
      clockIsSet = Promise.all(children.map((child) => child.setClock(value)))
    },
  }
}

interface RunningProcess {
  readonly url: string
  setClock(offsetMs: number): Promise<void>
  stop(): Promise<void>
}

/** What stays with the test. */
interface TestSide {
  readonly identify: BffOptions['identify'] | undefined
  readonly logStream: BffOptions['logStream'] | undefined
  readonly onRequest: (path: string) => void
}

async function startProcess(start: ToProcess, test: TestSide): Promise<RunningProcess> {
  const { NODE_OPTIONS: _, ...env } = process.env
  const child = fork(PROGRAM, {
    execArgv: [],
    env: { ...env, NODE_COMPILE_CACHE: COMPILE_CACHE },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const exited = once(child, 'exit')
  let output = ''
  const read = (text: string): void => {
    output += text
    test.logStream?.write(text)
  }
  child.stdout?.setEncoding('utf8').on('data', read)
  child.stderr?.setEncoding('utf8').on('data', read)

  const answers = createAnswers(child)
  const tell = (message: ToProcess): void => void child.send(message)
  answers.on('request', ({ path }) => test.onRequest(path))
  answers.on('who', ({ question, headers }) => {
    const request = Object.assign(new IncomingMessage(new Socket()), { headers })
    void Promise.resolve(test.identify?.(request) ?? null).then((identity) =>
      tell({ kind: 'identity', question, identity }),
    )
  })
  answers.on('loaded', () => tell(start))
  const ended = exited.then(() => Promise.reject(new Error(`a BFF process ended:\n${output}`)))
  // It ends by itself in the end; that is an error only for whoever waits for an answer.
  ended.catch(() => undefined)
  const { port } = await Promise.race([answers.next('listening'), ended])
  return {
    url: `http://127.0.0.1:${port}`,
    async setClock(offsetMs) {
      const done = answers.next('clock_set')
      tell({ kind: 'clock', offsetMs })
      await Promise.race([done, ended])
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) tell({ kind: 'stop' })
      await exited
    },
  }
}

type Kind = FromProcess['kind']
type Of<K extends Kind> = Extract<FromProcess, { kind: K }>

/** What a process tells, by kind. */
function createAnswers(child: ChildProcess) {
  const listeners = new Set<(message: FromProcess) => void>()
  child.on('message', (message) => {
    const parsed = fromProcessSchema.parse(message)
    for (const listener of listeners) listener(parsed)
  })
  const isOf = <K extends Kind>(message: FromProcess, kind: K): message is Of<K> => message.kind === kind
  function on<K extends Kind>(kind: K, listener: (message: Of<K>) => void): () => void {
    const whole = (message: FromProcess): void => {
      if (isOf(message, kind)) listener(message)
    }
    listeners.add(whole)
    return () => listeners.delete(whole)
  }
  return {
    on,
    next: <K extends Kind>(kind: K): Promise<Of<K>> =>
      new Promise((resolve) => {
        const stop = on(kind, (message) => {
          stop()
          resolve(message)
        })
      }),
  }
}

function basePathOf({ publicUrl }: BffOptions): string {
  return new URL(publicUrl ?? '').pathname
}
