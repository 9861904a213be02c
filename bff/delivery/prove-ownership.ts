// Asks for the proof of ownership before a binding is posted. Anything but a proof ends the flow, and nothing is posted for it.
import { describeJob } from '../flows/describe-flow.ts'
import type { OwnershipProver } from '../ownership/ownership.ts'
import { CODE_NOT_ACCEPTED, PROOF_TIMEOUT_MS } from '../ownership/ownership.ts'
import type { BindingJob, OwnershipProof } from '../storage/storage.ts'
import type { BindingDeps, BindingStep } from './bind-installation.ts'
import type { OpenedJob } from './open-job.ts'

/** The proof, kept so that a later try need not ask again: GitHub's code is good for one. Otherwise what follows. */
export async function proveOwnership(
  deps: BindingDeps,
  ownership: OwnershipProver,
  job: BindingJob,
  { installationId, authorization }: OpenedJob,
): Promise<OwnershipProof | BindingStep> {
  const { flow } = job
  const isFromAuthorizePage = authorization?.from === 'authorize'
  const answer = await ownership.prove({
    installationId,
    code: authorization?.code ?? null,
    redirectUrl: isFromAuthorizePage ? deps.config.returnUrl : null,
    codeVerifier: isFromAuthorizePage ? deps.secrets.codeVerifierFor(flow) : null,
    tenantId: flow.tenantId,
    userId: flow.userId,
    expectedAccount: flow.expectedAccount,
    signal: AbortSignal.timeout(PROOF_TIMEOUT_MS),
  })
  const fields = describeJob(deps, job)
  if (answer.verdict === 'proved') {
    deps.log.info('ownership_proved', fields)
    const proof = { login: answer.login }
    return (await deps.recordProof(proof)) ? proof : { step: 'lost' }
  }
  const { code, reason } = answer
  // Cut off between using the code and keeping the proof, by a crash for instance: GitHub has another code for the same customer.
  if (reason === CODE_NOT_ACCEPTED && job.outcomeUnknown && ownership.authorization !== null) {
    deps.log.info('ownership_asked_again', fields)
    return { step: 'authorize_again' }
  }
  const told = { ...fields, code, reason, detail: answer.cure }
  if (answer.verdict === 'refused') deps.log.security('ownership_refused', told)
  // What the customer can mend is nobody's alarm.
  else
    deps.log[code === 'ownership_sign_on' ? 'warn' : 'error']('ownership_failed', {
      ...told,
      error: answer.cause,
    })
  const status = code === 'ownership_misconfigured' ? 'blocked' : 'refused'
  return { step: 'complete', outcome: { status, error: code, account: null } }
}
