// Makes the prover that the configuration asks for, and keeps each proof within its time, whatever happens in it.
import type { OwnershipConfig } from '../config-ownership.ts'
import type { Log } from '../log.ts'
import { createAuthorizeUrl } from './authorize-url.ts'
import { GitHubError } from './github-error.ts'
import { createGitHubTransport, GITHUB_CALL_TIMEOUT_MS } from './github-fetch.ts'
import type { GitHubHosts } from './github-octokit.ts'
import type { GitHubAccess } from './github-user.ts'
import { judgeGitHubError } from './judge-github-error.ts'
import { proveWithOwnApp } from './own-app.ts'
import {
  PROOF_TIMEOUT_MS,
  type OwnershipClaim,
  type OwnershipProver,
  type OwnershipVerdict,
} from './ownership.ts'
import { proveWithPartnerApp } from './partner-app.ts'
import { proveByHook, type ProveOwnership } from './prove-by-hook.ts'
import { refuse } from './verdicts.ts'

export interface OwnershipProverOptions extends GitHubHosts {
  readonly config: OwnershipConfig
  /** The partner's own check. Together with `own-app` or `partner-app`, both have to say yes. */
  readonly custom?: ProveOwnership | undefined
  readonly log: Pick<Log, 'warn' | 'error'>
  /** For a whole proof, in milliseconds. Default {@link PROOF_TIMEOUT_MS}. */
  readonly timeoutMs?: number
}

const UNEXPECTED: OwnershipVerdict = {
  verdict: 'failed',
  code: 'ownership_unavailable',
  reason: 'unexpected error',
  cure: 'the proof stumbled over itself: report it, with the line of the log before this one',
}

/** One way of proving. It may throw {@link GitHubError}; anything else is a bug. */
type Step = (claim: OwnershipClaim, until: AbortSignal) => Promise<OwnershipVerdict>

/** Null when no proof is asked for: then Layers alone decides what may be bound. */
export function createOwnershipProver(options: OwnershipProverOptions): OwnershipProver | null {
  const { config, custom, log, timeoutMs = PROOF_TIMEOUT_MS } = options
  const isBoth = custom !== undefined && config.kind !== 'none'
  const stepMs = isBoth ? Math.floor(timeoutMs / 2) : timeoutMs
  const gitHub = config.kind === 'none' ? undefined : createGitHubStep(config, options, stepMs)
  const steps: Step[] = []
  // The partner's function goes first: when it says no, no code is used up.
  if (custom !== undefined) steps.push((claim, until) => proveByHook(custom, log, claim, until))
  if (gitHub !== undefined) steps.push(gitHub.step)
  if (steps.length === 0) return null

  const closing = new AbortController()
  const running = new Set<Promise<OwnershipVerdict>>()

  /** The last step names the account. */
  async function runAll(claim: OwnershipClaim): Promise<OwnershipVerdict> {
    let verdict = refuse('nothing was asked')
    for (const step of steps) {
      verdict = await run(step, claim, AbortSignal.any([claim.signal, closing.signal]))
      if (verdict.verdict !== 'proved') break
    }
    return verdict
  }

  async function run(step: Step, claim: OwnershipClaim, until: AbortSignal): Promise<OwnershipVerdict> {
    try {
      return await step(claim, AbortSignal.any([until, AbortSignal.timeout(stepMs)]))
    } catch (error) {
      if (error instanceof GitHubError) return judgeGitHubError(error)
      log.error('ownership_failed', { error, reason: 'unexpected error' })
      return UNEXPECTED
    }
  }

  return {
    authorization: gitHub?.authorization ?? null,
    prove(claim) {
      const proof = runAll(claim).finally(() => running.delete(proof))
      running.add(proof)
      return proof
    },
    async close() {
      closing.abort()
      await Promise.all(running)
      await gitHub?.close()
    },
  }
}

function createGitHubStep(
  config: Exclude<OwnershipConfig, { kind: 'none' }>,
  { githubOrigin, githubApiUrl, log }: OwnershipProverOptions,
  stepMs: number,
): { step: Step; authorization: OwnershipProver['authorization']; close: () => Promise<void> } {
  const hosts = { githubOrigin, githubApiUrl }
  // A quarter until the code is exchanged, half for the exchange, all but a quarter for the checks, a quarter to revoke the token.
  const quarterMs = Math.floor(stepMs / 4)
  const transport = createGitHubTransport({
    origins: [githubOrigin, new URL(githubApiUrl).origin],
    timeoutMs: Math.min(GITHUB_CALL_TIMEOUT_MS, 2 * quarterMs),
  })
  const access: GitHubAccess = {
    hosts,
    transport,
    client: config,
    log,
    lookupTimeoutMs: quarterMs,
    exchangeTimeoutMs: 2 * quarterMs,
    revocationTimeoutMs: quarterMs,
  }
  return {
    step(claim, until) {
      const signal = AbortSignal.any([until, AbortSignal.timeout(stepMs - quarterMs)])
      return config.kind === 'own-app'
        ? proveWithOwnApp(config, access, claim, signal)
        : proveWithPartnerApp(config, access, claim, signal)
    },
    authorization: {
      acceptsReturnCode: config.kind === 'own-app',
      createUrl: (request) => createAuthorizeUrl(githubOrigin, config.clientId, request),
    },
    close: () => transport.close(),
  }
}
