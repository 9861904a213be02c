// The page for a return from GitHub that belongs to no flow of this browser: what happened, and what to do next.
import { ERRORS, type ErrorCode } from '../contract.ts'
import type { Page } from './page.ts'

const TITLES: Readonly<Partial<Record<ErrorCode, string>>> = {
  return_unknown: 'No connection in progress',
  return_other_browser: 'Started in another browser',
  return_malformed: 'GitHub’s answer could not be read',
  missing_installation: 'No installation was named',
  state_replayed: 'Already used',
  rate_limited: 'Too many tries',
  not_found: 'There is nothing here',
}

export function createProblemPage(code: ErrorCode, hostUrl: string, reference: string | undefined): Page {
  // A failure of ours used nothing up, so the very same URL can be tried again: an empty reference is this page's own.
  const isOurs = ERRORS[code].status >= 500 && ERRORS[code].retryable
  return {
    title: TITLES[code] ?? 'This did not work',
    text: ERRORS[code].text,
    link: isOurs ? { href: '', label: 'Try again' } : { href: hostUrl, label: 'Go back' },
    ...(reference === undefined ? {} : { reference }),
  }
}
