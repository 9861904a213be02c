// The card every state is drawn on: mark, heading, text, notes, actions.
import type { ReactNode } from 'react'
import type { Text } from '../error-texts.ts'

export interface Look {
  /** Colour of the dot: nothing happens, something is under way, good, needs attention, failed. */
  readonly tone: 'idle' | 'busy' | 'good' | 'warn' | 'bad'
  readonly text: Readonly<Record<keyof Text, ReactNode>>
  /** Shown under the text, each in a box. */
  readonly notes: readonly ReactNode[]
  readonly extra?: ReactNode
  /** Buttons and links, with keys. The first is the main one, except where all is `good`. */
  readonly actions: readonly ReactNode[]
}

/**
 * A button; a locked one stays focusable, unlike a disabled one, so that the keyboard is not thrown off the card.
 * @param key the action. In another state, an element of another action is another element, so that a press begun on
 * the one never ends on the other at the same place; of the same action it is the same, and keeps the focus.
 */
export const button = (
  key: string,
  label: ReactNode,
  press: (() => void) | undefined,
  locked = false,
): ReactNode => (
  <button key={key} type="button" aria-disabled={locked || undefined} onClick={locked ? undefined : press}>
    {label}
  </button>
)

/** The mark of GitHub, from its Octicons (MIT), coordinates rounded to what 48 pixels can show. */
const MARK =
  'M24 0a24 24 0 0 0-7 47c1 0 1-1 1-1v-5c-6 1-8-1-8-3 0 0-2-2-2-3-1-1-3-1 0-1 1 0 3 1 3 2 2 4 6 3 7 2 0-1 1-3 2-3-6-1-11-3-11-12 0-3 1-5 2-7 0 0-1-3 0-6 0 0 3 0 7 3a22 22 0 0 1 12 0c4-3 7-3 7-3 1 4 0 6 0 6 1 2 2 4 2 7 0 9-5 11-11 12 1 1 2 2 2 4v7c0 0 0 1 1 1a24 24 0 0 0-7-47'

export function Card({ text, notes, extra, actions }: Look): ReactNode {
  return (
    <>
      <div className="cgh-head">
        <svg viewBox="0 0 48 48" aria-hidden width="32" height="32">
          <path fill="currentColor" d={MARK} />
        </svg>
        <div>
          <strong tabIndex={-1}>{text.title}</strong>
          {text.next && <p>{text.next}</p>}
        </div>
      </div>
      {notes.map(
        (note, at) =>
          note && (
            <p key={at} className="cgh-note">
              {note}
            </p>
          ),
      )}
      {extra}
      <div className="cgh-actions">{actions}</div>
    </>
  )
}
