// One of several BFF processes on a PostgreSQL database; two-processes.ts starts it and tells it what to do. Logs to standard output.
import { join } from 'node:path'
import type { BffServer, Identity } from '../../bff/index.ts'
import { toProcessSchema, type FromProcess, type ToProcess } from './bff-messages.ts'

let offsetMs = 0
let server: BffServer | undefined
let lastQuestion = 0
const questions = new Map<number, (identity: Identity | null) => void>()

function tell(message: FromProcess): void {
  process.send?.(message)
}

/** Who is signed in only the host knows, which is the test's process. */
function askTest(headers: Record<string, string>): Promise<Identity | null> {
  lastQuestion += 1
  const question = lastQuestion
  return new Promise((resolve) => {
    questions.set(question, resolve)
    tell({ kind: 'who', question, headers })
  })
}

async function start({ directory, options, asksTest }: Extract<ToProcess, { kind: 'start' }>): Promise<void> {
  // A copy has the same exports as the source that it was made from.
  const { createBff, startServer }: typeof import('../../bff/index.ts') = await import(
    join(directory, 'index.ts')
  )
  const bff = createBff({
    ...options,
    now: () => Date.now() + offsetMs,
    ...(asksTest && { identify: ({ headers }) => askTest({ cookie: headers.cookie ?? '' }) }),
  })
  const counted: typeof bff = {
    ...bff,
    handler: (request, response) => {
      tell({ kind: 'request', path: request.url ?? '' })
      return bff.handler(request, response)
    },
  }
  server = await startServer(counted, { host: '127.0.0.1', port: 0 })
  tell({ kind: 'listening', port: server.port })
}

async function handle(message: ToProcess): Promise<void> {
  switch (message.kind) {
    case 'start':
      offsetMs = message.offsetMs
      return start(message)
    case 'clock':
      offsetMs = message.offsetMs
      return tell({ kind: 'clock_set' })
    case 'identity':
      questions.get(message.question)?.(message.identity)
      questions.delete(message.question)
      return
    case 'stop':
      await server?.stop()
      process.exit(0)
  }
}

process.on('message', (message) => void handle(toProcessSchema.parse(message)))
// Without the test nobody is there to be served.
process.on('disconnect', () => process.exit(0))
tell({ kind: 'loaded' })
