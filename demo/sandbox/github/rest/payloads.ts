// The bytes of an answer of GitHub's API, right or wrong in the way the scenario `wrong_shape_next` asked for.

import type { GithubWrongShape } from '../../faults.ts'
import type { RestAnswer } from './answers.ts'

export interface Payload {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

const HUGE_BYTES = 8 * 1024 * 1024

export function toPayload({ status, headers, body }: RestAnswer): Payload {
  if (body === null) return { status, headers, text: '' }
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
    text: JSON.stringify(body),
  }
}

/** The token endpoint answers with a form unless JSON was asked for. */
export function toFormPayload({ status, headers, body }: RestAnswer): Payload {
  return {
    status,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8', ...headers },
    text: new URLSearchParams(
      Object.fromEntries(Object.entries(body ?? {}).map(([name, value]) => [name, String(value)])),
    ).toString(),
  }
}

export function distort(payload: Payload, shape: GithubWrongShape, githubUrl: string): Payload {
  return DISTORTIONS[shape](payload, githubUrl)
}

const DISTORTIONS: Record<GithubWrongShape, (payload: Payload, githubUrl: string) => Payload> = {
  html: (payload) => ({
    ...payload,
    headers: { ...payload.headers, 'Content-Type': 'text/html; charset=utf-8' },
    text: '<!doctype html><title>Unicorn!</title><h1>This page is taking too long to load.</h1>',
  }),
  empty: (payload) => ({ ...payload, text: '' }),
  truncated: (payload) => ({ ...payload, text: payload.text.slice(0, Math.ceil(payload.text.length / 2)) }),
  missing_fields: (payload) => withChanged(payload, (fields) => fields.slice(0, 1)),
  wrong_types: (payload) =>
    withChanged(payload, (fields) => fields.map(([name, value]) => [name, toOtherType(value)])),
  huge: (payload) => withChanged(payload, (fields) => [...fields, ['padding', 'x'.repeat(HUGE_BYTES)]]),
  redirect: (payload, githubUrl) => ({
    ...payload,
    status: 302,
    headers: { ...payload.headers, Location: `${githubUrl}/moved` },
  }),
}

type Fields = [name: string, value: unknown][]

/** Changes the fields of an object, or of each object of a list; an empty list becomes a list of one. */
function withChanged(payload: Payload, change: (fields: Fields) => Fields): Payload {
  const changeOne = (value: unknown) =>
    Object.fromEntries(change(Object.entries(typeof value === 'object' && value !== null ? value : {})))
  const body: unknown =
    payload.text.startsWith('{') || payload.text.startsWith('[') ? JSON.parse(payload.text) : {}
  const items: unknown[] | null = Array.isArray(body) ? body : null
  const changed = items ? (items.length > 0 ? items : [{}]).map(changeOne) : changeOne(body)
  return { ...payload, text: JSON.stringify(changed) }
}

function toOtherType(value: unknown): unknown {
  if (typeof value === 'string') return 42
  if (typeof value === 'number') return String(value)
  return Array.isArray(value) || value === null ? {} : 'not an object'
}
