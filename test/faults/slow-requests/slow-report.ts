// Starts the process that drips, and reads what it saw.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const PROGRAM = fileURLToPath(new URL('slow-sockets-process.ts', import.meta.url))

const reportSchema = z.object({
  /** How many connections were closed by the server. */
  closed: z.int(),
  /** How long the connection with a slow head that lived longest was left alone, in milliseconds. */
  headMs: z.number(),
  /** The same for those with a slow body. */
  bodyMs: z.number(),
})
export type SlowReport = z.infer<typeof reportSchema>

export interface SlowSockets {
  measure(): Promise<SlowReport>
  stop(): void
}

/** Each connection that the server closes is followed by another. */
export function startSlowSockets(port: number, count: number): SlowSockets {
  const child = fork(PROGRAM, [String(port), String(count)], { env: {} })
  return {
    async measure() {
      const message = once(child, 'message')
      child.send('measure')
      const [report]: unknown[] = await message
      return reportSchema.parse(report)
    },
    stop: () => void child.kill('SIGKILL'),
  }
}
