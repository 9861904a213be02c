// Puts the built element on a page in jsdom, against a fake BFF of its own for each test.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInThisContext } from 'node:vm'
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest'
import type { ConnectionView } from '../../bff/contract.ts'
import type { ConnectGitHubElement } from '../../widget/element/index.ts'
import { createFakeBff } from '../widget/fake-bff.ts'
import { buildElement } from './built-element.ts'
import type { BuiltElement } from './built-element.ts'

export const EVENTS = [
  'connectsuccess',
  'connectexit',
  'connecterror',
  'connectevent',
  'connectload',
  'connectstatechange',
] as const

let built: BuiltElement

export const builtDirectory = (): string => built.directory

/** Runs the classic script that was built, as a script tag does. */
export function loadElement(): void {
  runInThisContext(readFileSync(join(built.directory, 'connect-github.js'), 'utf8'))
}

/** Builds the element once, and lets no test leave anything behind or write to the console. */
export function keepTestsApart() {
  beforeAll(() => {
    built = buildElement(true)
  }, 120_000)
  afterAll(() => built.remove())
  beforeEach(() => {
    for (const level of ['error', 'warn', 'log', 'info', 'debug'] as const) vi.spyOn(console, level)
  })
  afterEach(() => {
    for (const level of ['error', 'warn', 'log', 'info', 'debug'] as const)
      // eslint-disable-next-line no-console -- the spy is what is checked
      expect(console[level]).not.toHaveBeenCalled()
    document.body.replaceChildren()
    document.documentElement.removeAttribute('lang')
    sessionStorage.clear()
    delete window.ConnectGitHub
  })
}

let pages = 0

/** A page whose elements ask a server of their own, because elements of one server share what they know. */
export function createPage(connection?: ConnectionView) {
  const bff = createFakeBff(connection)
  vi.stubGlobal('fetch', bff.fetch)
  const popup = { close: vi.fn() }
  const open = vi.fn<(url: string, name: string, features: string) => typeof popup | null>(() => popup)
  vi.stubGlobal('open', open)
  const baseURL = `https://bff-${++pages}.example/connect/github`

  /** What bubbled up to the page, as names and details. */
  const told: { readonly type: string; readonly detail: unknown; readonly target: EventTarget | null }[] = []
  for (const type of EVENTS)
    document.body.addEventListener(type, ({ detail, target }) => told.push({ type, detail, target }))

  return {
    bff,
    open,
    baseURL,
    told,
    tellings: (type: (typeof EVENTS)[number]) => told.filter((telling) => telling.type === type),
    /** An element that is not on the page yet. */
    create: (attributes: Readonly<Record<string, string>> = {}) => {
      const element = document.createElement('connect-github')
      for (const [name, value] of Object.entries({ 'base-url': baseURL, ...attributes }))
        element.setAttribute(name, value)
      return element
    },
  }
}

export function cardOf(element: Element): HTMLElement {
  const card = element.querySelector<HTMLElement>('[data-cgh-state]')
  if (!card) throw new Error('There is no card in the element.')
  return card
}

export function buttonOf(element: Element, name: string): HTMLElement {
  const found = [...element.querySelectorAll('button')].find(({ textContent }) => textContent === name)
  if (!found) throw new Error(`There is no button "${name}" in: ${element.textContent}`)
  return found
}

/** Waits for the state, as the card and the property show it. */
export async function reach(element: ConnectGitHubElement, status: string): Promise<void> {
  await vi.waitFor(() => {
    expect(cardOf(element).dataset['cghState']).toBe(status)
    expect(element.state.status).toBe(status)
  }, 4_000)
}

/** The next render, with its effects. */
export const settle = () => vi.waitFor(() => new Promise((done) => setTimeout(done)))

export function place(element: ConnectGitHubElement): ConnectGitHubElement {
  document.body.append(element)
  return element
}

/** Presses Connect and waits until GitHub is open. */
export async function connect(element: ConnectGitHubElement): Promise<void> {
  await reach(element, 'not_connected')
  buttonOf(element, 'Connect GitHub').click()
  await reach(element, 'waiting')
}

/** Takes what is thrown where nobody can catch it, as a page's error tracker does. */
export function catchReports() {
  const reports: unknown[] = []
  const take = (event: ErrorEvent) => {
    event.preventDefault()
    reports.push(event.error)
  }
  window.addEventListener('error', take)
  return { reports, stop: () => window.removeEventListener('error', take) }
}
