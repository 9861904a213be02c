// The words of the BFF's own pages. A language that lacks one does not compile.
import type { ErrorCode, FlowStatus } from '../contract.ts'

export interface Wording {
  readonly title: string
  readonly text: string
}

/** Codes of problems that have a title of their own; the others are told under `failed`. */
export type TitledProblem =
  | 'return_unknown'
  | 'return_other_browser'
  | 'return_malformed'
  | 'missing_installation'
  | 'state_replayed'
  | 'rate_limited'
  | 'not_found'

/** Everything that pages say, in one language. Plain text: it is escaped where it is put into a page. */
export interface PageTexts {
  /** BCP 47, e.g. `pt-BR`. */
  readonly tag: string
  readonly dir: 'ltr' | 'rtl'

  readonly goBack: string
  readonly tryAgain: string
  readonly continueOnGitHub: string
  /** Stands before the reference, with its punctuation. */
  readonly reference: string
  readonly closeWindow: string
  /** Title of everything that went wrong and has no title of its own. */
  readonly failed: string

  /** While the launch page waits for GitHub's URL. */
  readonly opening: Wording
  /** When it waited in vain. */
  readonly cannotOpen: string
  /** Title when the flow ended meanwhile. */
  readonly notOpened: string

  /** Title when the person could not be confirmed on the done page. */
  readonly notFinished: string
  /** To a browser that no flow is known of. */
  readonly elsewhere: Wording
  /** When GitHub's answer came for an attempt that no longer counted. */
  readonly noLongerCounted: string
  /** Why the customer is sent to GitHub a second time, before it happens. */
  readonly whoYouAre: string

  readonly statuses: Readonly<Record<FlowStatus, Wording>>
  readonly problemTitles: Readonly<Record<TitledProblem, string>>
  /** What happened, and what to do next. */
  readonly errors: Readonly<Record<ErrorCode, string>>
}
