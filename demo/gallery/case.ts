// What a case is made of: what the server and the browser answer, what is pressed, and what must then be on the card.
import type { ConnectGitHubProps, ConnectGitHubState, Messages } from '../../widget/index.ts'
import type { Answers } from './answers.ts'
import type { Behaviour } from './browser-doubles.ts'

/** A text of the widget by its name. */
export type TextName = keyof Messages

export interface Case extends Behaviour {
  /** Unique, in lower case with hyphens; names the stored looks. */
  readonly name: string
  /** What the card has to reach, in its `data-cgh-state`. */
  readonly status: ConnectGitHubState['status']
  readonly answers: Answers
  /** Buttons the page presses one after the other, by the names of their texts. Default none. */
  readonly presses?: readonly TextName[]
  /** Texts that must be on the card at the end, or read out by it. Default: none but what the status says. */
  readonly shows?: readonly TextName[]
  readonly props?: Omit<ConnectGitHubProps, 'baseURL' | 'queryClient' | 'locale'>
  /** Has a list of repositories in it. */
  readonly repositories?: 'closed' | 'open'
  /** Waits of five seconds and more pass in a moment; else they never end. Default false. */
  readonly isHurried?: boolean
  /** Is shown in a frame of another site. Default false. */
  readonly isFramed?: boolean
  /** Differs from another case in its texts only: one look of it is enough. Default false. */
  readonly isTextOnly?: boolean
}
