// The card every state is drawn on: mark, heading, text, notes, actions.
import { createElement } from 'react'
import type { ReactNode } from 'react'
import type { Text } from '../messages.ts'

export interface Look {
  /** Colour of the dot: nothing happens, something is under way, good, needs attention, failed. */
  readonly tone: 'idle' | 'busy' | 'good' | 'warn' | 'bad'
  readonly text: Readonly<Record<keyof Text, ReactNode>>
  /** Shown under the text, each in a box. */
  readonly notes: readonly ReactNode[]
  readonly extra?: ReactNode
  /** Buttons and links. The first is the main one, except where all is `good`. */
  readonly actions: readonly ReactNode[]
}

/** A button; a locked one stays focusable, unlike a disabled one, so that the keyboard is not thrown off the card. */
export const button = (label: ReactNode, press: () => void, locked = false): ReactNode => (
  <button type="button" aria-disabled={locked || undefined} onClick={locked ? undefined : press}>
    {label}
  </button>
)

/** The mark of GitHub, from its Octicons (MIT), coordinates rounded to what 32 pixels can show. */
const MARK =
  'M8 0a8 8 0 0 0-2.5 15.6c.4.1.5-.2.5-.4v-1.5c-2 .4-2.5-.5-2.7-.9-.1-.2-.5-.9-.8-1.1-.3-.2-.7-.5 0-.5.6 0 1.1.6 1.2.8.7 1.2 1.9.9 2.3.7.1-.5.3-.9.5-1.1-1.8-.2-3.6-.9-3.6-3.9 0-.9.3-1.6.8-2.2-.1-.2-.4-1 .1-2.1 0 0 .7-.2 2.2.8a7.4 7.4 0 0 1 4 0c1.5-1 2.2-.8 2.2-.8.4 1.1.2 1.9.1 2.1.5.6.8 1.3.8 2.2 0 3.1-1.9 3.7-3.6 3.9.3.3.5.7.5 1.5v2.2c0 .2.1.5.5.4A8 8 0 0 0 8 0'

export function Card({ text, notes, extra, actions }: Look): ReactNode {
  return (
    <>
      <div className="cgh-head">
        <svg viewBox="0 0 16 16" aria-hidden width="32" height="32">
          <path fill="currentColor" d={MARK} />
        </svg>
        <div>
          <strong tabIndex={-1}>
            <span className="cgh-dot" />
            {text.title}
          </strong>
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
      {/* As arguments they need no keys: each has its place. */}
      {createElement('div', { className: 'cgh-actions' }, ...actions)}
    </>
  )
}
