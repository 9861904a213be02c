// One customer who connects GitHub, and does not give up: what got no answer, or a 5xx, is tried again as a person would reload.
import { randomBytes } from 'node:crypto'
import { FLOW_STATUSES, REQUEST_HEADER, type FlowView } from '../../../bff/contract.ts'
import { flowViewSchema, launchAnswerSchema } from '../../../bff/wire-schemas.ts'
import type { TrafficAnswer, TrafficClient, TrafficRequest } from './client.ts'
import type { Ledger } from './ledger.ts'
import type { Tenant } from './tenants.ts'

export interface CustomerOptions {
  readonly tenant: Tenant
  /** Of the tenant's own account on GitHub. */
  readonly installationId: number
  readonly client: TrafficClient
  /** The origin that browsers think the BFF has. */
  readonly publicOrigin: string
  /** Base URL of a BFF for the next request; waits while there is none. Rejects when the run is over. */
  readonly target: () => string | Promise<string>
  readonly ledger: Ledger
  /** Waited for between two steps. Default: nothing. */
  readonly think?: () => Promise<unknown>
  /** Told how long each answer took, in milliseconds. */
  readonly onAnswer?: (step: Step, tookMs: number, status: number) => void
}

export type Step = 'start' | 'launch' | 'return' | 'poll'

const POLL_SECONDS = 25
const PAUSE_MS = 10

/** Resolves with the flow as it ended. Rejects when the BFF answers what it never should. */
export async function connectAsCustomer(options: CustomerOptions): Promise<FlowView> {
  const { tenant, installationId, client, publicOrigin, ledger, think } = options
  let flowId = createFlowId()
  let cookie = tenant.sessionCookie

  async function ask(step: Step, path: string, request: TrafficRequest): Promise<TrafficAnswer> {
    for (;;) {
      const baseUrl = await options.target()
      const askedAt = performance.now()
      const answer = await client.send(baseUrl + path, {
        ...request,
        headers: { cookie, ...request.headers },
      })
      options.onAnswer?.(step, performance.now() - askedAt, answer?.status ?? 0)
      if (answer !== undefined && answer.status < 500 && answer.status !== 429) return answer
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }

  const ofPage = (method: 'GET' | 'POST', body?: object): TrafficRequest => ({
    method,
    headers: {
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'cors',
      ...(body === undefined
        ? {}
        : { origin: publicOrigin, 'content-type': 'application/json', [REQUEST_HEADER]: '1' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

  /** A start that was cut off is made again until GitHub can be opened, with the same flow unless that has ended. */
  async function getInstallUrl(): Promise<string> {
    for (;;) {
      const started = await ask('start', '/flows', ofPage('POST', { flowId, mode: 'popup' }))
      expectStatus(started, 201)
      const cookies = started.setCookies.map((line) => line.slice(0, line.indexOf(';')))
      cookie = [tenant.sessionCookie, ...cookies].join('; ')
      await think?.()
      const launched = await ask('launch', `/flows/${flowId}/launch`, ofPage('POST', {}))
      expectStatus(launched, 200)
      const launch = launchAnswerSchema.parse(JSON.parse(launched.text))
      if (launch.status === 'ready') return launch.url
      if (launch.status === 'ended') flowId = createFlowId()
    }
  }

  const look = async (query: string): Promise<FlowView> => {
    const answer = await ask('poll', `/flows/${flowId}${query}`, ofPage('GET'))
    expectStatus(answer, 200)
    return flowViewSchema.parse(JSON.parse(answer.text))
  }

  const state = new URL(await getInstallUrl()).searchParams.get('state') ?? ''
  ledger.started({ tenant, flowId, state, installationId })
  await think?.()
  const query = new URLSearchParams({
    installation_id: String(installationId),
    setup_action: 'install',
    state,
  })
  const returned = await ask('return', `/return?${query.toString()}`, {
    headers: {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    },
  })
  expectStatus(returned, 303)
  if (!returned.location?.endsWith(`/flows/${flowId}/done`))
    throw new Error(`the return led to ${returned.location}`)
  ledger.acknowledged(flowId)
  let flow = await look('')
  while (FLOW_STATUSES[flow.status].open) flow = await look(`?after=${flow.version}&wait=${POLL_SECONDS}`)
  ledger.ended(flowId, flow.status)
  return flow
}

function createFlowId(): string {
  return randomBytes(16).toString('base64url')
}

function expectStatus(answer: TrafficAnswer, status: number): void {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text}`)
}
