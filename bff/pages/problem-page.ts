// The page for a return from GitHub that belongs to no flow of this browser: what happened, and what to do next.
import { ERRORS, type ErrorCode } from '../contract.ts'
import type { Page } from './page.ts'
import type { PageTexts, TitledProblem } from './page-texts.ts'

export function createProblemPage(
  texts: PageTexts,
  code: ErrorCode,
  hostUrl: string,
  reference: string | undefined,
): Page {
  // A failure of ours used nothing up, so the very same URL can be tried again: an empty reference is this page's own.
  const isOurs = ERRORS[code].status >= 500 && ERRORS[code].retryable
  return {
    tone: ERRORS[code].status >= 500 ? 'bad' : 'warn',
    title: hasTitle(texts, code) ? texts.problemTitles[code] : texts.failed,
    text: texts.errors[code],
    link: isOurs ? { href: '', label: texts.tryAgain } : { href: hostUrl, label: texts.goBack },
    ...(reference === undefined ? {} : { reference }),
  }
}

function hasTitle({ problemTitles }: PageTexts, code: ErrorCode): code is TitledProblem {
  return Object.hasOwn(problemTitles, code)
}
