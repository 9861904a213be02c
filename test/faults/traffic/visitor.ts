// The single steps of one customer's flow, each a request that is tried again until a BFF has answered it.
import { randomBytes } from 'node:crypto'
import { REQUEST_HEADER, type FlowView } from '../../../bff/contract.ts'
import { flowViewSchema, launchAnswerSchema } from '../../../bff/wire-schemas.ts'
import type { TrafficAnswer, TrafficClient, TrafficRequest } from './client.ts'
import type { Tenant } from './tenants.ts'

export interface VisitorOptions {
  readonly tenant: Tenant
  readonly client: TrafficClient
  /** The origin that browsers think the BFF has. */
  readonly publicOrigin: string
  /** Base URL of a BFF for the next request; waits while there is none. Rejects when the run is over. */
  readonly target: () => string | Promise<string>
  /** Waited for between two steps. Default: nothing. */
  readonly think?: () => Promise<unknown>
  /** Told how long each answer took, in milliseconds; status 0 is none. */
  readonly onAnswer?: (step: Step, tookMs: number, status: number) => void
}

export type Step = 'start' | 'launch' | 'return' | 'finish' | 'poll'

/** Every method rejects when the BFF answers what it never should. */
export interface Visitor {
  /** Of the flow that GitHub was opened for last. */
  readonly flowId: () => string
  /** Starts a flow, with a new id when the last one has ended; the state that GitHub's URL carries. */
  openGitHub(): Promise<string>
  /**
   * Opens the URL that GitHub redirects to, and does not follow the answer.
   * @param isSignedIn Default true; false as with a `SameSite=Strict` session, which stays away from this navigation.
   */
  comeBack(state: string, installationId: number, isSignedIn?: boolean): Promise<TrafficAnswer>
  /** Confirms the return from the page that follows, or from the one that opened GitHub. */
  finish(): Promise<FlowView>
  /** @param query e.g. `?after=2&wait=25` */
  look(query?: string): Promise<FlowView>
}

const PAUSE_MS = 10

export function createVisitor(options: VisitorOptions): Visitor {
  const { tenant, client, publicOrigin, think } = options
  let flowId = createFlowId()
  let flowCookie = ''

  async function ask(
    step: Step,
    path: string,
    request: TrafficRequest,
    isSignedIn = true,
  ): Promise<TrafficAnswer> {
    const cookie = [isSignedIn ? tenant.sessionCookie : '', flowCookie].filter(Boolean).join('; ')
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

  async function view(answer: Promise<TrafficAnswer>): Promise<FlowView> {
    return flowViewSchema.parse(JSON.parse(expectStatus(await answer, 200).text))
  }

  return {
    flowId: () => flowId,
    async openGitHub() {
      // A start that was cut off is made again until GitHub can be opened, with the same flow unless that has ended.
      for (;;) {
        const started = expectStatus(
          await ask('start', '/flows', ofPage('POST', { flowId, mode: 'popup' })),
          201,
        )
        flowCookie = started.setCookies.map((line) => line.slice(0, line.indexOf(';'))).join('; ')
        await think?.()
        const launched = await ask('launch', `/flows/${flowId}/launch`, ofPage('POST', {}))
        const launch = launchAnswerSchema.parse(JSON.parse(expectStatus(launched, 200).text))
        if (launch.status === 'ready') return new URL(launch.url).searchParams.get('state') ?? ''
        if (launch.status === 'ended') flowId = createFlowId()
      }
    },
    comeBack(state, installationId, isSignedIn) {
      const query = new URLSearchParams({
        installation_id: String(installationId),
        setup_action: 'install',
        state,
      })
      const headers = {
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
      }
      return ask('return', `/return?${query.toString()}`, { headers }, isSignedIn)
    },
    finish: () => view(ask('finish', `/flows/${flowId}/finish`, ofPage('POST', {}))),
    look: (query = '') => view(ask('poll', `/flows/${flowId}${query}`, ofPage('GET'))),
  }
}

function createFlowId(): string {
  return randomBytes(16).toString('base64url')
}

function expectStatus(answer: TrafficAnswer, status: number): TrafficAnswer {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text}`)
  return answer
}
