// A queue of accepted returns with a dispatcher that works on it: real store and flows, Layers is a fake, and each call can be awaited.
import { createDispatcher, type DispatcherDeps } from '../../bff/delivery/dispatcher.ts'
import { handleReturn } from '../../bff/flows/handle-return.ts'
import type { Flow, Storage } from '../../bff/storage/storage.ts'
import type { BindingAnswer } from '../../bff/upstream/parse-answers.ts'
import { UpstreamError } from '../../bff/upstream/upstream-error.ts'
import {
  ANN,
  createFlowRuntime,
  REQUEST_ID,
  type FlowRuntime,
  type FlowRuntimeOptions,
} from './flow-runtime.ts'
import { startedFlow } from './started-flow.ts'

export const OWNER = 'this-process'
export const ID = 61_200_417
export const silent = new UpstreamError('timeout', 'no answer')
export const answerOf = (installationId: number): BindingAnswer => ({
  installationId,
  githubAccount: { login: 'acme-coffee', type: 'Organization' },
  status: 'active',
  registeredAt: 1_700_000_000_000,
})

export interface Queue {
  readonly bff: FlowRuntime
  readonly dispatcher: ReturnType<typeof createDispatcher>
  /** Accepts one more return, for the installation `ID + number`. */
  readonly accept: (number?: number) => Promise<Flow>
  readonly read: (flow: Flow) => Promise<Flow | undefined>
  /** What the dispatcher has asked of the store, in order, with what it gave. */
  readonly asked: readonly { readonly name: string; readonly args: readonly unknown[] }[]
  /** Resolves when the store has answered the next call of this name. */
  readonly until: (name: keyof Storage) => Promise<void>
  readonly posts: number[]
  readonly fatal: unknown[]
}

interface QueueOptions extends Partial<Omit<DispatcherDeps, 'layers' | 'storage'>> {
  /** What Layers does with a post. Default: records it. */
  readonly post?: (installationId: number) => Promise<BindingAnswer>
  /** What Layers says is bound. Default: nothing. */
  readonly find?: () => Promise<undefined>
  readonly runtime?: FlowRuntimeOptions
  /** Replaces some of the store's answers to the dispatcher. */
  readonly store?: (storage: Storage) => Partial<Storage>
}

const WATCHED = [
  'claimJobs',
  'completeJob',
  'retryJob',
  'recordProof',
  'authorizeAgain',
  'releaseJobs',
  'findNextDueInMs',
] as const

/** Gone with the test, once its dispatcher is stopped. */
export async function openQueue(options: QueueOptions = {}): Promise<Queue> {
  const { post, find = async () => undefined, runtime: runtimeOptions, store, ...deps } = options
  const bff = await createFlowRuntime({ failedBindingsPerTenant: 1000, ...runtimeOptions })
  const { runtime } = bff
  const asked: { name: string; args: readonly unknown[] }[] = []
  const waiting = new Map<string, () => void>()
  const storage: Storage = { ...runtime.storage, ...store?.(runtime.storage) }
  for (const name of WATCHED) {
    const real: (...args: never) => Promise<unknown> = storage[name]
    Object.assign(storage, {
      async [name](...args: never) {
        asked.push({ name, args })
        try {
          return await real(...args)
        } finally {
          setImmediate(() => {
            waiting.get(name)?.()
            waiting.delete(name)
          })
        }
      },
    })
  }
  const posts: number[] = []
  const fatal: unknown[] = []
  const dispatcher = createDispatcher({
    ...runtime,
    storage,
    owner: OWNER,
    callTimeoutMs: 10_000,
    breaker: { isOpen: () => false, isDoubtful: () => false },
    retryPolicy: { baseMs: 500, capMs: 30_000, random: () => 0.5 },
    onFatal: (error) => void fatal.push(error),
    ...deps,
    layers: {
      ...runtime.layers,
      async registerInstallation({ installationId }) {
        posts.push(installationId)
        return post === undefined ? answerOf(installationId) : post(installationId)
      },
      findBinding: find,
    },
  })
  let count = 0
  return {
    bff,
    dispatcher,
    asked,
    posts,
    fatal,
    until: (name) => new Promise((resolve) => void waiting.set(name, resolve)),
    async accept(number = 0) {
      count += 1
      const organization = `org_${String(count).padStart(6, '0')}`
      const person = {
        ...ANN,
        userId: `user-${count}`,
        tenantId: `tenant-${count}`,
        layersOrganization: organization,
      }
      const { flow, state } = await startedFlow(bff, person, String(count).padStart(22, 'F'))
      bff.person = person
      const query = `state=${state}&installation_id=${ID + number}&code=c0de`
      const accepted = await handleReturn(runtime, {
        request: bff.requestOf(flow),
        query,
        requestId: REQUEST_ID,
      })
      bff.logged()
      return accepted
    },
    read: (flow) => runtime.storage.findFlow(flow.tenantId, flow.flowId),
  }
}

/** What each of a flow's log lines says. */
export const namesOf = ({ runtime: { secrets } }: FlowRuntime, { flowId, tenantId }: Flow) => ({
  requestId: REQUEST_ID,
  flow: secrets.pseudonymOf(flowId),
  tenant: secrets.pseudonymOf(tenantId),
})
