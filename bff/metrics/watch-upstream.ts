// Times and counts the calls to Layers and the proofs of ownership.
import type { OwnershipProver } from '../ownership/ownership.ts'
import { UPSTREAM_CODES } from '../upstream/upstream-codes.ts'
import { UpstreamError } from '../upstream/upstream-error.ts'
import type { LayersClient } from '../upstream/layers-client.ts'
import type { CALLS } from './metric-table.ts'
import type { Metrics, UpstreamOutcome } from './metrics.ts'

/** The same client, measured. Nothing bound is an answer like any other. */
export function watchLayers(layers: LayersClient, metrics: Metrics): LayersClient {
  async function measure<Answer>(call: (typeof CALLS)[number], work: () => Promise<Answer>): Promise<Answer> {
    const startedAt = performance.now()
    const count = (ended: { readonly outcome: UpstreamOutcome; readonly code: string }): void =>
      metrics.countUpstreamCall({ call, ...ended, seconds: (performance.now() - startedAt) / 1000 })
    try {
      const answer = await work()
      count({ outcome: 'ok', code: 'none' })
      return answer
    } catch (error) {
      if (error instanceof UpstreamError) count({ outcome: outcomeOf(error), code: codeOf(error) })
      throw error
    }
  }

  return {
    ...layers,
    getInstallUrl: (request) => measure('install_url', () => layers.getInstallUrl(request)),
    registerInstallation: (request) => measure('register', () => layers.registerInstallation(request)),
    findBinding: (request) => measure('find_binding', () => layers.findBinding(request)),
    listRepositories: (request) => measure('list_repositories', () => layers.listRepositories(request)),
  }
}

const OUTCOMES = {
  network: 'network',
  timeout: 'timeout',
  shape: 'unreadable',
  circuit: 'circuit_open',
} as const satisfies Record<Exclude<UpstreamError['failure'], 'status'>, UpstreamOutcome>

function outcomeOf({ failure, status = 0, code }: UpstreamError): UpstreamOutcome {
  if (failure !== 'status') return OUTCOMES[failure]
  if (status === 429) return 'rate_limited'
  // Switched off on purpose, by Layers: a 503 that says no.
  return status >= 500 && code !== 'KILL_SWITCH' ? 'failed' : 'refused'
}

/** Layers may send any text as its code. */
function codeOf({ code }: UpstreamError): string {
  if (code === undefined) return 'none'
  return UPSTREAM_CODES.includes(code) ? code : 'other'
}

/** The same prover, measured; null stays null. */
export function watchOwnership(prover: OwnershipProver | null, metrics: Metrics): OwnershipProver | null {
  if (prover === null) return null
  return {
    ...prover,
    async prove(claim) {
      const startedAt = performance.now()
      const answer = await prover.prove(claim)
      metrics.countProof({
        verdict: answer.verdict,
        code: answer.verdict === 'proved' ? 'none' : answer.code,
        seconds: (performance.now() - startedAt) / 1000,
      })
      return answer
    },
  }
}
