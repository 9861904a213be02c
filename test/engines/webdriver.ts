// A small client of the W3C's WebDriver protocol, for the engine that Playwright cannot drive: https://www.w3.org/TR/webdriver2/
import { z } from 'zod'

/** How a JSON answer names an element: https://www.w3.org/TR/webdriver2/#elements */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'

const answerSchema = z.object({ value: z.unknown() })
const sessionSchema = z.object({ sessionId: z.string() })
const failureSchema = z.object({ error: z.string(), message: z.string() })
const elementSchema = z.object({ [ELEMENT]: z.string() })
const textSchema = z.string()
const rectSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })

export type Rect = z.infer<typeof rectSchema>

export interface Element {
  click(): Promise<void>
  /** What a screen reader says of it. */
  label(): Promise<string>
  role(): Promise<string>
  isShown(): Promise<boolean>
  text(): Promise<string>
  rect(): Promise<Rect>
}

/** One browser with cookies of its own. Everything speaks to the window that was switched to last. */
export interface Session {
  open(url: string): Promise<void>
  url(): Promise<string>
  /** Handles of all windows. */
  windows(): Promise<readonly string[]>
  currentWindow(): Promise<string>
  switchTo(window: string): Promise<void>
  resize(width: number, height: number): Promise<void>
  /** What CSS finds on the page now, in shadow roots not. */
  findAll(selector: string): Promise<readonly Element[]>
  /** @param script body of a function; it may `return` JSON. */
  run(script: string, ...values: readonly unknown[]): Promise<unknown>
  /** A PNG of what the window shows. */
  screenshot(): Promise<Buffer>
  end(): Promise<void>
}

/**
 * @param driverUrl where the driver listens.
 * @throws Error with the driver's own words, here and in every call.
 */
export async function startSession(driverUrl: string, capabilities: object): Promise<Session> {
  const { sessionId } = sessionSchema.parse(
    await send(`${driverUrl}/session`, 'POST', { capabilities: { alwaysMatch: capabilities } }),
  )
  const home = `${driverUrl}/session/${sessionId}`
  const get = (path: string) => send(home + path, 'GET')
  const post = (path: string, body: object = {}) => send(home + path, 'POST', body)

  function createElement(id: string): Element {
    const getText = async (path: string) => textSchema.parse(await get(`/element/${id}/${path}`))
    return {
      click: async () => void (await post(`/element/${id}/click`)),
      label: () => getText('computedlabel'),
      role: () => getText('computedrole'),
      isShown: async () => z.boolean().parse(await get(`/element/${id}/displayed`)),
      text: () => getText('text'),
      rect: async () => rectSchema.parse(await get(`/element/${id}/rect`)),
    }
  }

  return {
    open: async (url) => void (await post('/url', { url })),
    url: async () => textSchema.parse(await get('/url')),
    windows: async () => z.array(textSchema).parse(await get('/window/handles')),
    currentWindow: async () => textSchema.parse(await get('/window')),
    switchTo: async (handle) => void (await post('/window', { handle })),
    resize: async (width, height) => void (await post('/window/rect', { width, height })),
    async findAll(selector) {
      const found = await post('/elements', { using: 'css selector', value: selector })
      return z
        .array(elementSchema)
        .parse(found)
        .map((element) => createElement(element[ELEMENT]))
    },
    run: (script, ...args) => post('/execute/sync', { script, args }),
    screenshot: async () => Buffer.from(textSchema.parse(await get('/screenshot')), 'base64'),
    end: async () => void (await send(home, 'DELETE')),
  }
}

/** What the driver answers. */
export async function send(url: string, method: 'GET' | 'POST' | 'DELETE', body?: object): Promise<unknown> {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) })
  const { value } = answerSchema.parse(await response.json())
  if (response.ok) return value
  const { error, message } = failureSchema.parse(value)
  throw new Error(`${method} ${new URL(url).pathname.replace(/^\/session\/[^/]+/, '')}: ${error}: ${message}`)
}
