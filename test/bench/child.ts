// A process of a benchmark: it says when it is ready, and gives one answer to each order.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { z } from 'zod'

export interface Child<Ready> {
  readonly ready: Ready
  readonly pid: number
  /** @throws Error with what the process wrote, when it ends instead of answering. */
  order<Answer>(order: object, answer: z.ZodType<Answer>): Promise<Answer>
  stop(): Promise<void>
}

/** @param program absolute path, of a module that calls `obey`. */
export async function startChild<Ready>(
  program: string,
  args: readonly string[],
  ready: z.ZodType<Ready>,
): Promise<Child<Ready>> {
  const child = fork(program, args, {
    execArgv: [],
    // Its log goes where a service manager would take it, and is not looked at.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const exited = once(child, 'exit')

  async function nextAnswer<Answer>(schema: z.ZodType<Answer>): Promise<Answer> {
    const [message]: unknown[] = await Promise.race([
      once(child, 'message'),
      exited.then((): never => {
        throw new Error(`${program} ended:\n${errors}`)
      }),
    ])
    return schema.parse(message)
  }

  const first = await nextAnswer(ready)
  const { pid } = child
  if (pid === undefined) throw new Error(`${program} has no process id`)
  return {
    ready: first,
    pid,
    order(order, answer) {
      const answered = nextAnswer(answer)
      child.send(order)
      return answered
    },
    async stop() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** The process's own side. */
export function obey(ready: object, carryOut: (order: unknown) => Promise<object>): void {
  const tell = (message: object): void => void process.send?.(message)
  process.on('message', (order) => void carryOut(order).then(tell))
  // Whoever gave the orders is gone.
  process.on('disconnect', () => process.exit(0))
  tell(ready)
}
