// A BFF for the widget's tests: answers the wire contract from memory, holds long polls, and records what was asked.
import type { ConnectionView, ErrorCode, FlowView, RepositoryView } from '../../bff/contract.ts'

export interface Recorded {
  readonly method: string
  readonly path: string
  readonly headers: Headers
  readonly body: Readonly<Record<string, string>>
  readonly credentials: RequestCredentials | undefined
}

export const notConnected: ConnectionView = {
  status: 'not_connected',
  account: null,
  reason: null,
  connectedAt: null,
  checkedAt: null,
  refreshing: false,
  manageUrl: null,
  avatarUrl: null,
  canConnect: true,
  flow: null,
}

export const acme = { login: 'acme-inc', type: 'Organization' } as const

export const connected: ConnectionView = {
  ...notConnected,
  status: 'connected',
  account: acme,
  connectedAt: '2026-03-04T12:00:00.000Z',
  checkedAt: '2026-03-05T12:00:00.000Z',
  manageUrl: 'https://github.com/organizations/acme-inc/settings/installations',
}

export const someFlow = (change: Partial<FlowView> = {}): FlowView => ({
  flowId: 'AAAAAAAAAAAAAAAAAAAAAA',
  status: 'waiting',
  version: 2,
  mode: 'popup',
  reference: '0123456789ab',
  error: null,
  account: null,
  startedAt: '2026-03-04T12:00:00.000Z',
  expiresAt: '2026-03-04T12:15:00.000Z',
  ...change,
})

export const someRepository = (name: string): RepositoryView => ({
  fullName: `acme-inc/${name}`,
  isPrivate: false,
  defaultBranch: 'main',
  language: 'TypeScript',
  url: `https://github.com/acme-inc/${name}`,
})

export type FakeBff = ReturnType<typeof createFakeBff>

export function createFakeBff(connection: ConnectionView = notConnected) {
  const requests: Recorded[] = []
  const flows = new Map<string, FlowView>()
  const waiting = new Set<() => void>()
  /** Answers that replace the usual one, taken in order, by "METHOD /path" with `:id` for a flow id. */
  const instead = new Map<string, (() => Response | Promise<Response>)[]>()
  const bff = {
    requests,
    flows,
    connection,
    /** What the connection can see; two on a page. */
    repositories: [] as RepositoryView[],
    /** Needed in an Authorization header when set. */
    token: undefined as string | undefined,
    /** Moves a flow on and answers those who wait. */
    move(change: Partial<FlowView>, flowId = [...flows.keys()].at(-1) ?? '') {
      const flow = flows.get(flowId) ?? someFlow({ flowId })
      flows.set(flowId, { ...flow, version: flow.version + 1, ...change })
      if (change.status === 'connected') bff.connection = connected
      for (const wake of waiting) wake()
    },
    once(route: string, ...answers: (() => Response | Promise<Response>)[]) {
      instead.set(route, [...(instead.get(route) ?? []), ...answers])
    },
    count: (route: string) => requests.filter(({ method, path }) => routeOf(method, path) === route).length,
    fetch: (input: string, init: RequestInit = {}) =>
      new Promise<Response>((resolve, reject) => {
        const { signal } = init
        const abort = () => reject(new DOMException('aborted', 'AbortError'))
        if (signal?.aborted) return abort()
        signal?.addEventListener('abort', abort)
        answer(input, init).then(resolve, reject)
      }),
  }

  async function answer(input: string, init: RequestInit): Promise<Response> {
    const url = new URL(input, 'http://localhost')
    const method = init.method ?? 'GET'
    const path = url.pathname.replace('/connect/github', '') + url.search
    const headers = new Headers(init.headers)
    const body: Record<string, string> = typeof init.body === 'string' ? JSON.parse(init.body) : {}
    requests.push({ method, path, headers, body, credentials: init.credentials })
    const route = routeOf(method, path)
    const other = instead.get(route)?.shift()
    if (other) return other()
    if (bff.token && headers.get('authorization') !== `Bearer ${bff.token}`)
      return errorAnswer(401, 'session_required')
    if (method !== 'GET' && headers.get('x-connect-github') !== '1')
      return errorAnswer(403, 'request_not_trusted')
    if (route === 'GET /connection') return json(bff.connection)
    if (route === 'DELETE /connection')
      return json((bff.connection = { ...notConnected, manageUrl: connected.manageUrl }))
    if (route === 'GET /repositories') return listRepositories(url.searchParams)
    if (route === 'POST /flows') {
      const { flowId = '', mode } = body
      flows.set(flowId, someFlow({ flowId, mode: mode === 'redirect' ? mode : 'popup' }))
      return json(flows.get(flowId), 201)
    }
    const flowId = path.split(/[/?]/)[2] ?? ''
    const flow = flows.get(flowId)
    if (!flow) return errorAnswer(404, 'not_found')
    if (route === 'POST /flows/:id/cancel') bff.move({ status: 'cancelled', error: 'flow_cancelled' }, flowId)
    else if (route === 'POST /flows/:id/finish') bff.move({ status: 'binding' }, flowId)
    else if (url.searchParams.get('wait') && Number(url.searchParams.get('after')) >= flow.version)
      await new Promise<void>((wake) => {
        waiting.add(wake)
        init.signal?.addEventListener('abort', () => waiting.delete(wake))
      })
    return json(flows.get(flowId))
  }

  function listRepositories(query: URLSearchParams): Response {
    if (bff.connection.status !== 'connected') return errorAnswer(409, 'not_connected')
    const found = bff.repositories.filter(({ fullName }) => fullName.includes(query.get('search') ?? ''))
    const from = Number(query.get('cursor') ?? 0)
    const nextCursor = from + 2 < found.length ? String(from + 2) : null
    return json({ items: found.slice(from, from + 2), nextCursor })
  }
  return bff
}

const routeOf = (method: string, path: string) =>
  `${method} ${path.replace(/\?.*/, '').replace(/\/flows\/[^/]+/, '/flows/:id')}`

export const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status })

export const errorAnswer = (status: number, code: ErrorCode) =>
  json({ error: { code, message: 'Said by the server.', requestId: 'req-1' } }, status)
