// The card every state is drawn on: mark, heading, text, notes, actions.
import type { ReactNode } from 'react'
import type { Text } from '../messages.ts'

/** A button that does something, or a link when `press` is an address. */
export interface Action {
  readonly label: ReactNode
  readonly press: string | (() => void)
  /** Stays focusable, unlike a disabled button, so that the keyboard is not thrown off the card. */
  readonly locked?: boolean
  /** A link that opens a window of its own, said to those who cannot see it. */
  readonly newWindow?: string
}

export interface Look {
  /** Colour of the dot: nothing happens, something is under way, good, needs attention, failed. */
  readonly tone: 'idle' | 'busy' | 'good' | 'warn' | 'bad'
  readonly text: Readonly<Record<keyof Text, ReactNode>>
  /** Shown under the text, each in a box. */
  readonly notes?: readonly ReactNode[]
  readonly extra?: ReactNode
  /** The first is the main one, except where all is `good`. */
  readonly actions?: readonly Action[]
}

/** The mark of GitHub, from its Octicons (MIT), coordinates rounded to what 32 pixels can show. */
const MARK =
  'M8 0a8 8 0 0 0-2.5 15.6c.4.1.5-.2.5-.4v-1.5c-2 .4-2.5-.5-2.7-.9-.1-.2-.5-.9-.8-1.1-.3-.2-.7-.5 0-.5.6 0 1.1.6 1.2.8.7 1.2 1.9.9 2.3.7.1-.5.3-.9.5-1.1-1.8-.2-3.6-.9-3.6-3.9 0-.9.3-1.6.8-2.2-.1-.2-.4-1 .1-2.1 0 0 .7-.2 2.2.8a7.4 7.4 0 0 1 4 0c1.5-1 2.2-.8 2.2-.8.4 1.1.2 1.9.1 2.1.5.6.8 1.3.8 2.2 0 3.1-1.9 3.7-3.6 3.9.3.3.5.7.5 1.5v2.2c0 .2.1.5.5.4A8 8 0 0 0 8 0'

/** @param name class of a part, or none for an unstyled widget. @param group tells sets of actions apart. */
export function Card(props: Look & { name: (part: string) => string | undefined; group: string }): ReactNode {
  const { tone, text, notes = [], extra, actions = [], name, group } = props
  const focusAt = tone === 'good' ? actions.length - 1 : 0
  return (
    <>
      <div className={name('head')}>
        <svg className={name('mark')} viewBox="0 0 16 16" aria-hidden width="32" height="32">
          <path fill="currentColor" d={MARK} />
        </svg>
        <div>
          <strong className={name('title')} tabIndex={-1} data-cgh-heading="" data-cgh-say="">
            <span className={name('dot')} data-cgh-tone={tone} />
            {text.title}
          </strong>
          {text.next && (
            <p className={name('text')} data-cgh-say="">
              {text.next}
            </p>
          )}
        </div>
      </div>
      {notes.map(
        (note, at) =>
          note && (
            <p key={at} className={name('note')} data-cgh-say="">
              {note}
            </p>
          ),
      )}
      {extra}
      <div className={name('actions')}>
        {actions.map(({ label, press, locked, newWindow }, at) => {
          const key = group + at
          const rest = {
            className: name(at || tone === 'good' ? 'quiet' : 'main'),
            'data-cgh-main': at === focusAt ? '' : undefined,
            children: label,
          }
          return typeof press === 'string' ? (
            <a
              key={key}
              {...rest}
              href={press}
              {...(newWindow && { target: '_blank', rel: 'noopener noreferrer', title: newWindow })}
            />
          ) : (
            <button
              key={key}
              {...rest}
              type="button"
              aria-disabled={locked || undefined}
              onClick={locked ? undefined : press}
            />
          )
        })}
      </div>
    </>
  )
}
