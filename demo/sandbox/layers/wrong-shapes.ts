// Answers a client must not trust: what the scenario `wrong_shape_next` makes of a normal one.

import type { LayersRouteName, WrongShape } from '../faults.ts'
import type { Answer } from './answer.ts'

/** The bytes of an answer. */
export interface Payload {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

const HUGE_BYTES = 1024 * 1024
const OTHER_HOST = 'https://github.com.example.net'
const HOUR_MS = 60 * 60_000

/** Shapes that make sense for some routes only; the others fit each route. */
const ROUTES_BY_SHAPE: Partial<Record<WrongShape, readonly LayersRouteName[]>> = {
  other_state: ['install_url'],
  other_host: ['install_url'],
  expired: ['install_url'],
  other_installation: ['bind', 'get_installation'],
}

/** Routes a shape can be asked for; undefined means every route. */
export function findRoutesOfShape(shape: WrongShape): readonly LayersRouteName[] | undefined {
  return ROUTES_BY_SHAPE[shape]
}

export function toPayload({ status, headers, body }: Answer): Payload {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
    text: JSON.stringify(body),
  }
}

interface Context {
  /** Epoch milliseconds. */
  readonly now: number
  readonly githubUrl: string
}

/** Makes an answer wrong in the way that was asked for. */
export function distort(answer: Answer, shape: WrongShape, context: Context): Payload {
  return DISTORTIONS[shape](answer, context)
}

const DISTORTIONS: Record<WrongShape, (answer: Answer, context: Context) => Payload> = {
  html: (answer) => ({
    ...toPayload(answer),
    headers: { ...answer.headers, 'Content-Type': 'text/html; charset=utf-8' },
    text: '<!doctype html><title>Gateway</title><h1>One moment, please</h1>',
  }),
  empty: (answer) => ({ ...toPayload(answer), text: '' }),
  truncated: (answer) => {
    const payload = toPayload(answer)
    return { ...payload, text: payload.text.slice(0, Math.ceil(payload.text.length / 2)) }
  },
  missing_fields: (answer) => withBody(answer, Object.fromEntries(Object.entries(answer.body).slice(0, 1))),
  wrong_types: (answer) => {
    const fields = Object.entries(answer.body).map(([name, value]) => [name, toOtherType(value)])
    return withBody(answer, Object.fromEntries(fields))
  },
  huge: (answer) => withBody(answer, { ...answer.body, padding: 'x'.repeat(HUGE_BYTES) }),
  other_state: (answer) => withBody(answer, replaceState(answer.body)),
  other_host: (answer) =>
    withBody(
      answer,
      replaceInUrls(answer.body, (url) => url.replace(/^https?:\/\/[^/]+/, OTHER_HOST)),
    ),
  other_installation: (answer) =>
    withBody(answer, { ...answer.body, installationId: Number(answer.body['installationId']) + 1 }),
  redirect: (answer, { githubUrl }) => ({
    ...toPayload({ ...answer, headers: { ...answer.headers, Location: `${githubUrl}/moved` } }),
    status: 302,
  }),
  expired: (answer, { now }) =>
    withBody(answer, { ...answer.body, expiresAt: new Date(now - HOUR_MS).toISOString() }),
}

function withBody(answer: Answer, body: Record<string, unknown>): Payload {
  return toPayload({ ...answer, body })
}

function toOtherType(value: unknown): unknown {
  if (typeof value === 'string') return 42
  if (typeof value === 'number') return String(value)
  return Array.isArray(value) || value === null ? {} : 'not an object'
}

/** Another state that looks just as good, in the field and in both URLs. */
function replaceState(body: Answer['body']): Record<string, unknown> {
  const state = String(body['state'])
  const other =
    Array.from(state).toReversed().join('') === state ? `${state}x` : Array.from(state).toReversed().join('')
  const changed = replaceInUrls(body, (url) =>
    url.replace(`state=${encodeURIComponent(state)}`, `state=${encodeURIComponent(other)}`),
  )
  return { ...changed, state: other }
}

function replaceInUrls(body: Answer['body'], change: (url: string) => string): Record<string, unknown> {
  return { ...body, authUrl: change(String(body['authUrl'])), installUrl: change(String(body['installUrl'])) }
}
