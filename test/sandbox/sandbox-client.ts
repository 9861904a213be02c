// Starts sandboxes for tests and calls them over HTTP the way a partner's server and a browser would.

import { JSDOM } from 'jsdom'
import { onTestFinished } from 'vitest'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../demo/sandbox/index.ts'

export const RETURN_URL = 'https://app.example.com/connect/github/return'

/** 2026-07-02T10:30:00.250Z: not a whole second, so that rounding shows. */
export const START_AT = Date.UTC(2026, 6, 2, 10, 30, 0, 250)

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Parsed, or undefined when the text is not JSON. */
  readonly json: Readonly<Record<string, unknown>> | undefined
}

export interface TestSandbox {
  readonly sandbox: Sandbox
  /** A request to the Layers origin with the sandbox's key, unless told otherwise. */
  readonly call: (method: string, path: string, options?: CallOptions) => Promise<Answer>
  readonly getInstallUrl: (
    options?: CallOptions & { returnUrl?: string; state?: string },
  ) => Promise<{ authUrl: string; state: string }>
  readonly bind: (installationId: unknown, state: unknown, options?: CallOptions) => Promise<Answer>
  /** A POST to the control API. */
  readonly control: (path: string, body: unknown) => Promise<Answer>
  /** Moves the injected clock, which the control API knows nothing of. */
  readonly pass: (ms: number) => void
}

export interface CallOptions {
  readonly key?: string | null
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as it is when a string, as JSON otherwise. */
  readonly body?: unknown
}

/** A sandbox that stops with the test. Its clock stands still until `pass` moves it. */
export async function startTestSandbox(options: SandboxOptions = {}): Promise<TestSandbox> {
  let now = START_AT
  const sandbox = await startSandbox({ now: () => now, ...options })
  onTestFinished(() => sandbox.close())

  const call: TestSandbox['call'] = async (method, path, { key = sandbox.key, headers, body } = {}) =>
    send(`${sandbox.layersUrl}${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })

  return {
    sandbox,
    call,
    async getInstallUrl({ returnUrl = RETURN_URL, state, ...rest } = {}) {
      const query = new URLSearchParams({ returnUrl, ...(state === undefined ? {} : { state }) })
      const answer = await call('GET', `/v1/github/installation/install-url?${query}`, rest)
      if (answer.status !== 200) throw new Error(`install-url answered ${answer.status} ${answer.text}`)
      return { authUrl: String(answer.json?.['authUrl']), state: String(answer.json?.['state']) }
    },
    bind: (installationId, state, rest = {}) =>
      call('POST', '/v1/github/installation', { ...rest, body: { installationId, state } }),
    control: (path, body) =>
      send(`${sandbox.controlUrl}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    pass: (ms) => {
      now += ms
    },
  }
}

export async function send(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', ...init })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: parseJsonObject(text) }
}

function parseJsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** The `error` part of an envelope. */
export function getError(answer: Answer): Readonly<Record<string, unknown>> {
  const error = answer.json?.['error']
  if (typeof error !== 'object' || error === null) throw new Error(`no error envelope in ${answer.text}`)
  return { ...error }
}

/** Paths of `details.issues[]`, joined with dots. */
export function getIssuePaths(answer: Answer): string[] {
  const details: unknown = getError(answer)['details']
  if (
    typeof details !== 'object' ||
    details === null ||
    !('issues' in details) ||
    !Array.isArray(details.issues)
  ) {
    throw new Error(`no details.issues in ${answer.text}`)
  }
  return details.issues.map((issue: { path: string[] }) => issue.path.join('.'))
}

export interface Choice {
  readonly account: string
  /** Full names; default all repositories. */
  readonly repositories?: readonly string[]
  /** Text of the button; default the first one of the account's panel. */
  readonly button?: string
  readonly cookie?: string
}

/** Opens an install page, fills in its form and submits it with the account's own button. */
export async function submitInstallPage(authUrl: string, choice: Choice): Promise<Answer> {
  const headers = choice.cookie === undefined ? {} : { Cookie: choice.cookie }
  const page = await send(authUrl, { headers })
  if (page.status !== 200) throw new Error(`the install page answered ${page.status}`)
  const { window } = new JSDOM(page.text, { url: authUrl })
  const { document } = window
  const form = get(document.querySelector<HTMLFormElement>('form.install'), 'install form')
  const radio = get(
    form.querySelector<HTMLInputElement>(`input[name="account"][value="${choice.account}"]`),
    choice.account,
  )
  radio.checked = true
  const index = radio.id.replace('account-', '')
  const panel = get(form.querySelector<HTMLElement>(`[data-panel="${index}"]`), 'panel')
  if (choice.repositories) {
    get(
      panel.querySelector<HTMLInputElement>('input[value="selected"]'),
      'Only select repositories',
    ).checked = true
    for (const box of panel.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')) {
      box.checked = choice.repositories.includes(box.value)
    }
  }
  const buttons = [...panel.querySelectorAll('button')]
  const wanted = choice.button
  const button = get(
    wanted === undefined ? buttons[0] : buttons.find((one) => one.textContent === wanted),
    wanted ?? 'button',
  )
  const fields = readFields(new window.FormData(form, button))
  return send(form.action, { method: 'POST', headers, body: new URLSearchParams(fields) })
}

/** What a browser would post for a form. */
export function readFields(data: FormData): string[][] {
  return [...data.entries()].map(([name, value]) => [name, typeof value === 'string' ? value : value.name])
}

/** Query parameters of a redirect to the return page. */
export function getReturnParameters(answer: Answer): Record<string, string> {
  const location = new URL(answer.headers.get('location') ?? '')
  return Object.fromEntries(location.searchParams)
}

/** Installs the App on an account through the install page; returns what a partner needs to bind it. */
export async function installOnGithub(
  { getInstallUrl }: Pick<TestSandbox, 'getInstallUrl'>,
  account = 'acme-coffee',
  options: CallOptions = {},
): Promise<{ installationId: number; state: string }> {
  const { authUrl, state } = await getInstallUrl(options)
  const back = await submitInstallPage(authUrl, { account })
  return { installationId: Number(getReturnParameters(back)['installation_id']), state }
}

function get<Value>(value: Value | null | undefined, what: string): Value {
  if (value === null || value === undefined) throw new Error(`no ${what} on the page`)
  return value
}
