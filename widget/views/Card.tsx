// The parts every state is made of: mark, heading, text, extras, actions, note.
import type { ReactNode } from 'react'

/** Class names, or none for an unstyled widget. */
export type NameOf = (part: string) => string | undefined

export interface CardProps {
  readonly name: NameOf
  /** Colours the dot: nothing happens yet, something is under way, good, needs attention, failed. */
  readonly tone: 'idle' | 'busy' | 'good' | 'warn' | 'bad'
  readonly title: ReactNode
  readonly text?: ReactNode
  /** Why what is shown may be out of date. */
  readonly note?: ReactNode
  readonly actions?: ReactNode
  readonly children?: ReactNode
}

export function Card({ name, tone, title, text, note, actions, children }: CardProps) {
  return (
    <>
      <div className={name('head')}>
        <svg className={name('mark')} viewBox="0 0 16 16" aria-hidden="true" width="32" height="32">
          <path
            fill="currentColor"
            d="M8 0c4.42 0 8 3.58 8 8a8.013 8.013 0 0 1-5.45 7.59c-.4.08-.55-.17-.55-.38 0-.27.01-1.13.01-2.2 0-.75-.25-1.23-.54-1.48 1.78-.2 3.65-.88 3.65-3.95 0-.88-.31-1.59-.82-2.15.08-.2.36-1.02-.08-2.12 0 0-.67-.22-2.2.82-.64-.18-1.32-.27-2-.27-.68 0-1.36.09-2 .27-1.53-1.03-2.2-.82-2.2-.82-.44 1.1-.16 1.92-.08 2.12-.51.56-.82 1.28-.82 2.15 0 3.06 1.86 3.75 3.64 3.95-.23.2-.44.55-.51 1.07-.46.21-1.61.55-2.33-.66-.15-.24-.6-.83-1.23-.82-.67.01-.27.38.01.53.34.19.73.9.82 1.13.16.45.68 1.31 2.69.94 0 .67.01 1.3.01 1.49 0 .21-.15.45-.55.38A7.995 7.995 0 0 1 0 8c0-4.42 3.58-8 8-8Z"
          />
        </svg>
        <div>
          <strong className={name('title')} tabIndex={-1} data-cgh-heading="" data-cgh-say="">
            <span className={name('dot')} data-cgh-tone={tone} />
            {title}
          </strong>
          {text && (
            <p className={name('text')} data-cgh-say="">
              {text}
            </p>
          )}
        </div>
      </div>
      {children}
      {actions && <div className={name('actions')}>{actions}</div>}
      {note && (
        <p className={name('note')} data-cgh-say="">
          {note}
        </p>
      )}
    </>
  )
}

export interface ActionProps {
  readonly name: NameOf
  readonly onPress?: (() => void) | undefined
  readonly main?: boolean
  /** Stays focusable, unlike a disabled button, so that the keyboard is not thrown off the card. */
  readonly locked?: boolean | undefined
  readonly focused?: boolean
  readonly children: ReactNode
}

export function Action({ name, onPress, main, locked, focused, children }: ActionProps) {
  return (
    <button
      type="button"
      className={name(main ? 'main' : 'quiet')}
      aria-disabled={locked || undefined}
      data-cgh-main={main ? '' : undefined}
      autoFocus={focused}
      onClick={locked ? undefined : onPress}
    >
      {children}
    </button>
  )
}
