// The verdicts a proof can come to by itself; what a failed call means is in judge-github-error.ts.
import type { OwnershipVerdict } from './ownership.ts'

/** @param login what Layers has to record; null when GitHub tied the installation's id to the account. */
export function accept(login: string | null): OwnershipVerdict {
  return { verdict: 'proved', login }
}

type Refusal = Extract<OwnershipVerdict, { verdict: 'refused' }>

/**
 * @param reason for the log: fixed words, no ids and no names.
 * @param options.code default `ownership_not_proved`.
 */
export function refuse(
  reason: string,
  options: Partial<Pick<Refusal, 'code' | 'cure'>> = {},
): OwnershipVerdict {
  return { verdict: 'refused', code: 'ownership_not_proved', reason, ...options }
}

/** Logins are compared as GitHub does, without regard to case. */
export function isSameLogin(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}
