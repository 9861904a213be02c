'use client'
// <ConnectGitHub/>: the card that shows the state of useConnectGitHub() and offers its actions.
import { useEffect, useMemo, useRef } from 'react'
import type { ReactNode } from 'react'
import { english, mergeMessages } from './messages.ts'
import type { Messages } from './messages.ts'
import type { ConnectGitHubOptions } from './options.ts'
import { useConnectGitHub } from './useConnectGitHub.ts'
import { useAnnouncement, useKeptFocus } from './views/access.ts'
import { StateView } from './views/StateView.tsx'

/** How the card looks, over the CSS variables of styles.css. */
export interface Appearance {
  /** `auto` (default) follows the system. */
  theme?: 'auto' | 'light' | 'dark' | undefined
  /** Values for `--cgh-*` variables, e.g. `{ accent: '#0b5fff' }` for `--cgh-accent`. */
  variables?: Readonly<Record<string, string>> | undefined
}

export interface ConnectGitHubProps extends ConnectGitHubOptions {
  appearance?: Appearance | undefined
  /** Added to the root element. */
  className?: string | undefined
  /** Leaves the `cgh-` classes away, so that styles.css does nothing. */
  unstyled?: boolean | undefined
  /** A BCP 47 tag for dates and the `lang` attribute. Default: the browser's and the page's. */
  locale?: string | undefined
  /** The label of the connect button. Default: `messages.connect`. */
  children?: ReactNode
}

/**
 * Connects a GitHub organization from inside the host's page.
 * @throws {TypeError} when a prop is not of its kind.
 */
export function ConnectGitHub(props: ConnectGitHubProps): ReactNode {
  const { appearance, className, unstyled, locale, children, messages: overrides, disabled = false } = props
  const state = useConnectGitHub(props)
  const messages = useMemo<Messages>(() => mergeMessages(english, overrides), [overrides])
  const root = useRef<HTMLDivElement>(null)
  const variables = appearance?.variables
  useEffect(() => {
    const style = root.current?.style
    if (!style || !variables) return
    // Through the CSSOM: a style attribute in the markup would need 'unsafe-inline' in the host's policy
    // (https://www.w3.org/TR/CSP3/#directive-style-src), setProperty() does not.
    for (const [name, value] of Object.entries(variables)) style.setProperty(`--cgh-${name}`, value)
    return () => {
      for (const name of Object.keys(variables)) style.removeProperty(`--cgh-${name}`)
    }
  }, [variables])
  const focus = useKeptFocus(root)
  const [announcement, say] = useAnnouncement(root, state)
  const name = (part: string) => (unstyled ? undefined : `cgh-${part}`)

  return (
    <div
      ref={root}
      role="group"
      aria-label={messages.label}
      className={[name('card'), className].filter(Boolean).join(' ') || undefined}
      lang={locale}
      data-cgh-state={state.status}
      data-cgh-theme={appearance?.theme ?? 'auto'}
      {...focus}
    >
      <StateView {...{ state, messages, locale, disabled, name, say }} label={children ?? messages.connect} />
      <p role="status" className={name('live')} data-cgh-live="">
        {announcement}
      </p>
    </div>
  )
}
