// Collects what a page says on the console, throws or violates, from now on: WebDriver has no words for it.
import { z } from 'zod'
import type { Session } from './webdriver.ts'

const SCRIPT = `
  window.noise = []
  const say = (kind) => (...what) => void window.noise.push([kind, ...what].map(String).join(' '))
  for (const level of ['log', 'info', 'warn', 'error']) console[level] = say(level)
  addEventListener('error', ({ message }) => say('error')(message))
  addEventListener('unhandledrejection', ({ reason }) => say('rejection')(reason))
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => say('policy')(violatedDirective, blockedURI))
`

/** Lasts until the page is left, which shows at the same time that it was not. */
export async function watchPage(webkit: Session): Promise<void> {
  await webkit.run(SCRIPT)
}

/** Undefined when the page was left, or never watched. */
export async function readNoise(webkit: Session): Promise<readonly string[] | undefined> {
  return (
    z
      .array(z.string())
      .nullable()
      .parse(await webkit.run('return window.noise ?? null')) ?? undefined
  )
}
