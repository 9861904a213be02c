// Reads what a flow did from the outside: where a return led, what Layers was sent, and what the log says about it.
import { expect } from 'vitest'
import type { Sandbox } from '../../demo/sandbox/index.ts'
import type { Stack } from '../stack/start-stack.ts'
import type { Answer } from '../stack/test-browser.ts'

export interface Post {
  /** The body as Layers got it, parsed. */
  readonly body: unknown
  /** Null when the connection was cut. */
  readonly status: number | null
  /** Epoch milliseconds. */
  readonly at: number
}

/** Every binding that was posted to Layers, oldest first. */
export function listPosts(sandbox: Sandbox): readonly Post[] {
  return sandbox.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body, status, at }) => ({
      body: JSON.parse(body),
      status,
      at,
    }))
}

/** How often Layers was asked for this path by GET. */
export function countGets(sandbox: Sandbox, path: string): number {
  return sandbox.requests.filter((request) => request.method === 'GET' && request.path === path).length
}

export const INSTALL_URL_PATH = '/v1/github/installation/install-url'
export const INSTALLATION_PATH = '/v1/github/installation'

/** The code of the problem page that a return led to; undefined when it led elsewhere. */
export function problemOf({ status, headers }: Answer): string | undefined {
  expect(status).toBe(303)
  return /\/problem\/([a-z_]+)\?ref=req_[\w-]{22}$/.exec(headers.get('location') ?? '')?.[1]
}

/** A return URL as GitHub makes it, with any parameters. */
export function buildReturnUrl(stack: Stack, parameters: Readonly<Record<string, string>>): string {
  return `${stack.publicOrigin}/connect/github/return?${new URLSearchParams(parameters).toString()}`
}

/** The state of the latest flow, as Layers issued it. */
export function getLatestState(sandbox: Sandbox): string {
  const latest = sandbox.states.at(-1)
  if (latest === undefined) throw new Error('Layers has issued no state yet')
  return latest.state
}

/** The events of that name, parsed. */
export function listEvents(stack: Stack, event: string): readonly Record<string, unknown>[] {
  return stack.logLines
    .map((line): Record<string, unknown> => JSON.parse(line))
    .filter((fields) => fields['event'] === event)
}

/** No part of the partner key is in the log. */
export function expectKeyHidden({ key, logLines }: Pick<Stack, 'key' | 'logLines'>): void {
  const log = logLines.join('')
  expect(log).not.toBe('')
  // The last 43 characters are the secret; what comes before names the key.
  expect(log).not.toContain(key.slice(-43))
  expect(log).not.toContain('Bearer lp_')
}
