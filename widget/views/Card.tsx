// What the card is drawn from: the look of a state, its buttons and links, and GitHub's mark.
import type { ReactNode } from 'react'
import type { Text } from '../error-texts.ts'

export interface Look {
  /** Of the sign on the mark: none, something is under way, good, needs attention, failed. */
  readonly tone: 'idle' | 'busy' | 'good' | 'warn' | 'bad'
  readonly text: Readonly<Record<keyof Text, ReactNode>>
  /** A line of its own under the text. */
  readonly note?: ReactNode
  /** A text to copy. */
  readonly message?: ReactNode
  /** Buttons and links, with keys. The first is the main one, except where all is `good`. */
  readonly actions: readonly ReactNode[]
  /** What the Escape key does. */
  readonly stop?: () => void
}

/**
 * A button; a locked one stays focusable, unlike a disabled one, so that the keyboard is not thrown off the card.
 * @param name the action. In another state, an element of another action is another element, so that a press begun on
 * the one never ends on the other at the same place; of the same action it is the same, and keeps the focus.
 */
export const button = (
  name: string,
  label: ReactNode,
  press: (() => void) | undefined,
  locked?: boolean,
): ReactNode => (
  <button
    key={name}
    data-cgh-part={name}
    type="button"
    aria-disabled={locked || undefined}
    onClick={locked ? undefined : press}
  >
    {label}
  </button>
)

/** A link among the buttons. @param title says that another window opens; without it, it is this tab. */
export const link = (name: string, label: ReactNode, url: string, title?: string): ReactNode => (
  <a
    key={name}
    data-cgh-part={name}
    href={url}
    {...(title && { title, target: '_blank', rel: 'noreferrer' })}
  >
    {label}
  </a>
)

/** From GitHub's Octicons (MIT), coordinates rounded to what 48 pixels can show. */
export const mark = (
  <span data-cgh-part="mark">
    <svg viewBox="0 0 48 48" aria-hidden>
      <path
        fill="currentColor"
        d="M24 0a24 24 0 0 0-7 47q1 0 1-1v-5q-6 1-8-3-1-2-2-3-1-2 0-1 2 0 3 2 2 4 7 2 0-2 2-3-11-1-11-12 0-4 2-7-1-3 0-6 3 0 7 3 6-2 12 0 4-3 7-3 1 3 0 6 2 3 2 7 0 11-11 12 2 2 2 4v7q0 1 1 1a24 24 0 0 0-7-47"
      />
    </svg>
  </span>
)
