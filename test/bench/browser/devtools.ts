// A Chromium that is told what to do by its DevTools protocol, page by page. Playwright attaches to each window that a page opens,
// and holds it until it has done so, which is the time that is to be measured. https://chromedevtools.github.io/devtools-protocol/
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { getChromium } from '../../browser/find-chromium.ts'

const messageSchema = z.object({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  sessionId: z.string().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
})
const evaluatedSchema = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z.object({ text: z.string() }).loose().optional(),
})
const noticeSchema = z.object({ name: z.string(), payload: z.string() })

export interface Session {
  send<Result>(method: string, params: object, result: z.ZodType<Result>): Promise<Result>
  /** Runs a function in the page; its arguments and what it returns have to survive JSON. */
  evaluate(run: string, ...args: readonly string[]): Promise<unknown>
  /** What the page hands to its function `name`, from now on, in every document. */
  onNotice(name: string, receive: (payload: string) => void): Promise<void>
}

export interface DevTools {
  send<Result>(method: string, params: object, result: z.ZodType<Result>): Promise<Result>
  attach(targetId: string): Promise<Session>
  close(): Promise<void>
}

/** With a profile of its own, which is gone at the end. */
export async function launchChromium(): Promise<DevTools> {
  const profile = mkdtempSync(join(tmpdir(), 'connect-github-chromium-'))
  const args = [
    '--headless',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--disable-background-networking',
    // Chromium refuses its sandbox to root: https://crbug.com/638180
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ]
  const child = spawn(getChromium(), args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = once(child, 'exit')
  const url = await new Promise<string>((resolve, reject) => {
    let errors = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text
      const [, found] = /DevTools listening on (ws:\S+)/.exec(errors) ?? []
      if (found !== undefined) resolve(found)
    })
    void exited.then(() => reject(new Error(`Chromium ended:\n${errors}`)))
  })
  const socket = new WebSocket(url)
  await once(socket, 'open')
  return createDevTools(socket, async () => {
    child.kill()
    await exited
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  })
}

function createDevTools(socket: WebSocket, end: () => Promise<void>): DevTools {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const notices = new Map<string, (payload: string) => void>()
  let lastId = 0
  socket.addEventListener('message', ({ data }) => {
    const { id, method, params, sessionId, result, error } = messageSchema.parse(JSON.parse(String(data)))
    if (method === 'Runtime.bindingCalled') {
      const { name, payload } = noticeSchema.parse(params)
      notices.get(`${sessionId} ${name}`)?.(payload)
    }
    if (id === undefined) return
    if (error) waiting.get(id)?.reject(new Error(error.message))
    else waiting.get(id)?.resolve(result)
    waiting.delete(id)
  })

  async function send<Result>(
    method: string,
    params: object,
    schema: z.ZodType<Result>,
    sessionId?: string,
  ): Promise<Result> {
    lastId += 1
    const answer = Promise.withResolvers<unknown>()
    waiting.set(lastId, answer)
    socket.send(JSON.stringify({ id: lastId, method, params, ...(sessionId && { sessionId }) }))
    return schema.parse(await answer.promise)
  }

  return {
    send: (method, params, schema) => send(method, params, schema),
    async attach(targetId) {
      const schema = z.object({ sessionId: z.string() })
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true }, schema)
      return {
        send: (method, params, result) => send(method, params, result, sessionId),
        async evaluate(run, ...args) {
          const expression = `(${run})(${args.map((arg) => JSON.stringify(arg)).join(',')})`
          const params = { expression, awaitPromise: true, returnByValue: true, userGesture: false }
          const answer = await send('Runtime.evaluate', params, evaluatedSchema, sessionId)
          if (answer.exceptionDetails) throw new Error(JSON.stringify(answer.exceptionDetails))
          return answer.result.value
        },
        async onNotice(name, receive) {
          notices.set(`${sessionId} ${name}`, receive)
          await send('Runtime.enable', {}, z.unknown(), sessionId)
          await send('Runtime.addBinding', { name }, z.unknown(), sessionId)
        },
      }
    },
    async close() {
      socket.close()
      await end()
    },
  }
}
