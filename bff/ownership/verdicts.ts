// The verdicts a proof can come to by itself; what a failed call means is in judge-github-error.ts.
import type { GitHubAccount } from '../contract.ts'
import type { OwnershipVerdict } from './ownership.ts'

export function accept(account: GitHubAccount | null): OwnershipVerdict {
  return { verdict: 'proved', account }
}

/** @param reason for the log: fixed words, no ids and no names. */
export function refuse(
  reason: string,
  code: 'ownership_not_proved' | 'account_mismatch' = 'ownership_not_proved',
): OwnershipVerdict {
  return { verdict: 'refused', code, reason }
}

/** Logins are compared as GitHub does, without regard to case. */
export function isSameLogin(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}
