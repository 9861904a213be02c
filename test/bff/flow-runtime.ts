// The parts of a BFF for one step of a flow at a time, without HTTP: real store, seals, secrets and log; Layers and GitHub are fakes.
import { randomBytes } from 'node:crypto'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { readConfig } from '../../bff/config.ts'
import { createDataKey } from '../../bff/data-keys.ts'
import { createRetryBudget, DEFAULT_RETRY_BUDGET } from '../../bff/delivery/retry-budget.ts'
import { createFlowSecrets } from '../../bff/flow-secrets.ts'
import { createFlowWatch } from '../../bff/flows/flow-watch.ts'
import type { Identity } from '../../bff/identify.ts'
import { createLimits } from '../../bff/limits.ts'
import { createLog } from '../../bff/log.ts'
import type { OwnershipProver } from '../../bff/ownership/ownership.ts'
import { createReadiness } from '../../bff/readiness.ts'
import type { Runtime } from '../../bff/runtime.ts'
import { createSealer } from '../../bff/seal.ts'
import { Secret } from '../../bff/secret.ts'
import { openSqliteStorage } from '../../bff/storage/sqlite.ts'
import type { Flow, Storage } from '../../bff/storage/storage.ts'
import { START_AT } from '../storage/scenario.ts'

export const ANN: Identity = { tenantId: 'northwind', userId: 'ann', canConnect: true }
export const REQUEST_ID = 'req_of-this-test'

/** Without what differs from run to run, or stands in the table of events. */
const lineSchema = z
  .looseObject({ event: z.string(), time: z.unknown(), level: z.unknown() })
  .transform(({ time: _time, level: _level, ...line }) => line)
export type LogLine = z.infer<typeof lineSchema>

export interface FlowRuntime {
  readonly runtime: Runtime
  readonly clock: { now: number }
  /** Who is signed in. */
  person: Identity | null
  /** What Layers is asked next; it answers with a URL by itself. */
  readonly askedLayers: string[]
  /** How often the dispatcher was woken since this was asked last. */
  readonly wakes: () => number
  /** What was logged since this was asked last. */
  readonly logged: () => readonly LogLine[]
  /** A request of the browser that has the flow's cookie. */
  readonly requestOf: (flow: Flow, headers?: Readonly<Record<string, string>>) => IncomingMessage
}

export interface FlowRuntimeOptions {
  readonly usesConnectTokens?: boolean
  /** Whether GitHub has to say who the customer is, and whether the code of an install does. Default: no proof is asked for. */
  readonly authorization?: 'none' | 'own-app' | 'partner-app'
  readonly failedBindingsPerTenant?: number
  /** Changes the store, e.g. to let something happen between two of its calls. */
  readonly wrap?: (storage: Storage) => Partial<Storage>
  /** Comes before Layers' answer. */
  readonly beforeLayers?: () => Promise<void>
}

const unused = (): never => {
  throw new Error('no step of a flow needs this')
}

function createProver(kind: FlowRuntimeOptions['authorization']): OwnershipProver | null {
  if (kind === undefined) return null
  const authorization = { acceptsReturnCode: kind === 'own-app', createUrl: () => 'https://github.example/' }
  return {
    authorization: kind === 'none' ? null : authorization,
    prove: unused,
    close: async () => undefined,
  }
}

/** Gone with the test. */
export async function createFlowRuntime(options: FlowRuntimeOptions = {}): Promise<FlowRuntime> {
  const clock = { now: START_AT }
  const opened = await openSqliteStorage({ file: ':memory:', now: () => clock.now })
  onTestFinished(() => opened.close())
  const storage = { ...opened, ...options.wrap?.(opened) }
  const key = `lp_test_${randomBytes(32).toString('base64url')}`
  const config = readConfig({ layersApiKey: key, publicUrl: 'http://localhost:9999/connect/github' }, {})
  const lines: LogLine[] = []
  const stream = {
    write(line: string) {
      lines.push(lineSchema.parse(JSON.parse(line)))
    },
  }
  const log = createLog({ level: 'trace', stream, secrets: [] })
  const secrets = createFlowSecrets(randomBytes(32))
  const askedLayers: string[] = []
  let wakes = 0
  const created: FlowRuntime = {
    clock,
    person: ANN,
    askedLayers,
    wakes() {
      const count = wakes
      wakes = 0
      return count
    },
    logged: () => lines.splice(0),
    requestOf(flow, headers = {}) {
      const request = new IncomingMessage(new Socket())
      request.method = 'GET'
      const name = `__Host-connect-github-${flow.flowId}`
      Object.assign(request.headers, { cookie: `${name}=${secrets.cookieFor(flow)}`, ...headers })
      return request
    },
    runtime: {
      config,
      identify: () => created.person,
      usesConnectTokens: options.usesConnectTokens === true,
      ownership: createProver(options.authorization),
      storage,
      avatars: null,
      readiness: createReadiness(storage),
      layers: {
        async getInstallUrl({ state, returnUrl }) {
          askedLayers.push(state)
          await options.beforeLayers?.()
          const query = new URLSearchParams({ state, redirect_uri: returnUrl })
          const authUrl = `https://github.com/apps/layers/installations/new?${query}`
          return { authUrl, state, expiresAt: clock.now + 15 * 60_000, partnerKey: '0badc0de' }
        },
        registerInstallation: unused,
        findBinding: unused,
        listRepositories: unused,
        close: async () => undefined,
      },
      retryBudget: createRetryBudget(DEFAULT_RETRY_BUDGET, () => clock.now),
      sealer: createSealer([new Secret(createDataKey())]),
      secrets,
      webhookSecrets: () => [],
      limits: createLimits({ failedBindingsPerTenant: options.failedBindingsPerTenant ?? 5 }),
      clientAddressOf: () => '192.0.2.1',
      log,
      watch: createFlowWatch(storage),
      dispatcher: {
        wake: () => {
          wakes += 1
        },
        stop: async () => undefined,
      },
      connectionRefresh: {
        refreshIfStale: unused,
        ensureFresh: unused,
        checkNow: unused,
        drain: async () => undefined,
      },
      asking: new Set(),
      isAccepting: () => true,
      isClosing: () => false,
    },
  }
  return created
}
