// One try of one binding with a fake of the Layers client that answers what the test wants, and what can come of it.
import { expect } from 'vitest'
import { createDataKey } from '../../bff/data-keys.ts'
import { bindInstallation } from '../../bff/delivery/bind-installation.ts'
import { createFlowSecrets } from '../../bff/flow-secrets.ts'
import { createLog } from '../../bff/log.ts'
import { createSealer } from '../../bff/seal.ts'
import { Secret } from '../../bff/secret.ts'
import type { Authorization } from '../../bff/ownership/authorization.ts'
import type { OwnershipClaim, OwnershipProver, OwnershipVerdict } from '../../bff/ownership/ownership.ts'
import type { BindingJob, Flow, OwnershipProof } from '../../bff/storage/storage.ts'
import type { LayersClient } from '../../bff/upstream/layers-client.ts'
import type { BindingAnswer } from '../../bff/upstream/parse-answers.ts'
import { UpstreamError } from '../../bff/upstream/upstream-error.ts'

export const OWN_ID = 61_200_417
export const STATE = 'St4t3-of-this-test_0123456789abc'
/** Fingerprint of the key that the install URL was made with. */
const PARTNER_KEY = '0badc0de'
export const RETURN_URL = 'https://app.example.com/connect/github/return'
const sealer = createSealer([new Secret(createDataKey())])
export const secrets = createFlowSecrets(Buffer.alloc(32, 7))

export const OURS: BindingAnswer = {
  installationId: OWN_ID,
  githubAccount: { login: 'acme-coffee', type: 'Organization' },
  status: 'active',
  registeredAt: 1_900_000_000_000,
}
export const ANOTHER: BindingAnswer = {
  ...OURS,
  installationId: OWN_ID + 1,
  githubAccount: { login: 'initech-labs', type: 'Organization' },
}
export const NOTHING = 'nothing'
export const unreadable = new UpstreamError('shape', 'not JSON', { status: 201 })
export const silent = new UpstreamError('timeout', 'no answer')
export const failing = new UpstreamError('status', 'Layers answered 500', { status: 500, code: 'INTERNAL' })
export const limited = new UpstreamError('status', 'Layers answered 429', {
  status: 429,
  code: 'RATE_LIMITED',
  retryAfterMs: 4_000,
})
export const leftAlone = new UpstreamError('circuit', 'left alone', { retryAfterMs: 700 })
export const conflict = new UpstreamError('status', 'Layers answered 409', { status: 409, code: 'CONFLICT' })
export const unauthenticated = new UpstreamError('status', 'Layers answered 401', {
  status: 401,
  code: 'UNAUTHENTICATED',
})
export const invalid = new UpstreamError('status', 'Layers answered 422', { status: 422, code: 'VALIDATION' })

type Reply = BindingAnswer | UpstreamError
/** What Layers says to each post and each question, in order. A call that is not listed fails the test. */
export interface Script {
  readonly posts?: readonly Reply[]
  readonly asks?: readonly (Reply | typeof NOTHING)[]
}

interface FakeLayers {
  readonly layers: LayersClient
  /** `post` and `ask`, in the order in which they came. */
  readonly calls: string[]
}

function createFakeLayers({ posts = [], asks = [] }: Script, organization: string | null): FakeLayers {
  const calls: string[] = []
  const left = { post: [...posts], ask: [...asks] }
  function reply<Answer>(kind: string, answers: (Answer | UpstreamError)[]): Answer {
    calls.push(kind)
    const answer = answers.shift()
    if (answer === undefined) throw new Error(`an unexpected ${kind} after ${calls.join(', ')}`)
    if (answer instanceof UpstreamError) throw answer
    return answer
  }
  const layers: LayersClient = {
    async registerInstallation(request) {
      expect(request).toEqual({ organization, partnerKey: PARTNER_KEY, installationId: OWN_ID, state: STATE })
      return reply('post', left.post)
    },
    async findBinding(request) {
      expect(request).toEqual({ organization, partnerKey: PARTNER_KEY })
      const answer = reply<BindingAnswer | typeof NOTHING>('ask', left.ask)
      return answer === NOTHING ? undefined : answer
    },
    getInstallUrl: () => Promise.reject(new Error('a binding needs no install URL')),
    listRepositories: () => Promise.reject(new Error('a binding needs no repositories')),
    close: () => Promise.resolve(),
  }
  return { layers, calls }
}

interface Situation extends Script {
  readonly attempts?: number
  readonly outcomeUnknown?: boolean
  readonly isOverdue?: boolean
  /** Null is one that tenants share. Default: the tenant's own. */
  readonly organization?: string | null
  readonly stateSealed?: string
  /** What the prover answers. Default: nobody asks for a proof. */
  readonly verdict?: OwnershipVerdict
  /** Kept by an earlier try. */
  readonly proof?: OwnershipProof
  readonly authorization?: Authorization
  readonly expectedAccount?: string
  /** The prover has an authorize page. */
  readonly needsCode?: boolean
  /** Another process took the job over in mid-proof. */
  readonly isLeaseLost?: boolean
}

/** Answers with the verdict, and keeps what was claimed. */
function createFakeProver(
  verdict: OwnershipVerdict,
  calls: string[],
  claims: OwnershipClaim[],
  needsCode: boolean,
): OwnershipProver {
  return {
    authorization: needsCode ? { acceptsReturnCode: false, createUrl: () => 'https://github.com/' } : null,
    async prove(claim) {
      calls.push('prove')
      claims.push(claim)
      return verdict
    },
    close: () => Promise.resolve(),
  }
}

export async function tryOnce(situation: Situation) {
  const { attempts = 0, outcomeUnknown = false, isOverdue = false, organization = 'org_own' } = situation
  const { layers, calls } = createFakeLayers(situation, organization)
  const claims: OwnershipClaim[] = []
  const proofs: OwnershipProof[] = []
  const logLines: string[] = []
  const log = createLog({
    level: 'trace',
    stream: { write: (line) => void logLines.push(line) },
    secrets: [],
  })
  const flow: Flow = {
    flowId: 'F'.repeat(22),
    tenantId: 'northwind',
    userId: 'ann',
    organization,
    mode: 'popup',
    hostOrigin: 'https://app.example.com',
    returnTo: 'https://app.example.com/',
    status: 'binding',
    version: 3,
    error: null,
    account: null,
    stateHash: 'hash',
    stateSealed: situation.stateSealed ?? (await sealer.seal('state', 'northwind', STATE)),
    installUrlSealed: null,
    partnerKey: PARTNER_KEY,
    expectedAccount: situation.expectedAccount ?? null,
    vouchedUntil: null,
    locale: null,
    theme: null,
    authorizationSealed:
      situation.authorization === undefined
        ? null
        : await sealer.seal('authorization', 'northwind', JSON.stringify(situation.authorization)),
    proof: situation.proof ?? null,
    installation: {
      sealed: await sealer.seal('installation', 'northwind', String(OWN_ID)),
      index: secrets.indexOf(OWN_ID),
    },
    createdAt: 0,
    updatedAt: 0,
    expiresAt: 900_000,
  }
  const job: BindingJob = { flow, attempts, outcomeUnknown, requestId: null }
  const { verdict, isLeaseLost = false } = situation
  const deps = {
    layers,
    sealer,
    secrets,
    log,
    config: { returnUrl: RETURN_URL },
    ownership:
      verdict === undefined ? null : createFakeProver(verdict, calls, claims, situation.needsCode === true),
    async recordProof(proof: OwnershipProof) {
      calls.push('record proof')
      proofs.push(proof)
      return !isLeaseLost
    },
  }
  const step = await bindInstallation(deps, job, isOverdue)
  const logged = logLines.join('')
  expect(logged).not.toMatch(new RegExp(`${STATE}|${OWN_ID}|${OWN_ID + 1}|acme-coffee|initech-labs`))
  return { step, calls, logged, claims, proofs }
}

export const ended = (status: 'conflict' | 'refused' | 'blocked' | 'expired', error: string) => ({
  step: 'complete',
  outcome: { status, error, account: null },
})
/** In the tenant's own organization; whether the account is shown is then the store's to say. */
export const CONFLICT_WITH_ANOTHER = {
  step: 'complete',
  outcome: {
    status: 'conflict',
    error: 'already_bound',
    account: ANOTHER.githubAccount,
    accountIndex: secrets.indexOf(ANOTHER.installationId),
  },
}
export const again = (outcomeUnknown: boolean, retryAfterMs?: number) => ({
  step: 'retry',
  outcomeUnknown,
  retryAfterMs,
})
export const bound = (status: string) => ({ ...OURS, status })
export const { githubAccount: account, registeredAt } = OURS
export const CONNECTED = { step: 'complete', outcome: { status: 'connected', account, registeredAt } }
export const TIME_IS_UP = ended('expired', 'upstream_unavailable')

export interface Row {
  readonly title: string
  readonly when: Situation
  readonly calls: readonly string[]
  readonly step: object
}
