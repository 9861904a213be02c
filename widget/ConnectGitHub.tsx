'use client'
// <ConnectGitHub/>: the card that shows the state of useConnectGitHub() and offers its actions.
import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { mergeMessages } from './messages.ts'
import type { ConnectGitHubOptions } from './options.ts'
import { useConnectGitHub } from './useConnectGitHub.ts'
import type { ConnectGitHubState } from './useConnectGitHub.ts'
import { useAccess } from './views/access.ts'
import { mark } from './views/mark.tsx'
import { useLook } from './views/useLook.tsx'

/** How the card looks, over the CSS variables of styles.css. */
export interface Appearance {
  /** `auto` (default) takes the page's text colour and shows its background; the others bring colours of their own. */
  theme?: 'auto' | 'light' | 'dark' | undefined
  /** `compact` is one row, for lists of settings. Default `card`. */
  layout?: 'card' | 'compact' | undefined
  /** Values for `--cgh-*` variables, e.g. `{ accent: '#0b5fff' }` for `--cgh-accent`. */
  variables?: Readonly<Record<string, string>> | undefined
}

export interface ConnectGitHubProps extends ConnectGitHubOptions {
  appearance?: Appearance | undefined
  /** Added to the root element. */
  className?: string | undefined
  /** Leaves the attribute `data-cgh-layout` away, on which every rule of styles.css depends. */
  unstyled?: boolean | undefined
  /** The label of the connect button. Default: `messages.connect`. */
  children?: ReactNode
  /** Shown in the card while connected, e.g. a list of repositories. */
  details?: ReactNode
}

/**
 * Connects a GitHub organization from inside the host's page.
 * @throws {TypeError} when a prop is not of its kind.
 */
export function ConnectGitHub(props: ConnectGitHubProps): ReactNode {
  return useCard(props, useConnectGitHub({ theme: props.appearance?.theme, ...props }))
}

/** The card of a state that the caller holds: the custom element hands the same one to its page. */
export function useCard(props: ConnectGitHubProps, state: ConnectGitHubState): ReactNode {
  const { appearance = {}, className, unstyled, locale, children, details, disabled } = props
  const { theme, layout = 'card', variables } = appearance
  const { status } = state
  const m = mergeMessages(props.messages, locale)
  const { tag, dir } = typeof locale === 'object' ? locale : { tag: locale }
  const root = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!root.current) return
    // Through the CSSOM: a style attribute in the markup would need 'unsafe-inline' in the host's policy
    // (https://www.w3.org/TR/CSP3/#directive-style-src), cssText does not.
    const rules = Object.entries(variables ?? {}).map(([name, value]) => `--cgh-${name}:${value}`)
    root.current.style.cssText = rules.join(';')
  }, [variables])
  const { spoken, handlers } = useAccess(root, status === 'loading' || state.busy)

  /** Whatever the browser says of a picture that could not be had: GitHub gave none, or the page's policy lets none in. */
  const [isMissing, setMissing] = useState<unknown>()
  const { tone, name, avatarUrl, title, said, note, message, actions, stop } = useLook(
    state,
    m,
    children ?? m.connect,
    tag,
    disabled,
  )

  return (
    <div
      ref={root}
      role="group"
      aria-label={m.label}
      className={className}
      lang={tag}
      dir={dir}
      data-cgh-part="root"
      data-cgh-state={status}
      data-cgh-tone={tone}
      data-cgh-theme={theme === 'auto' ? undefined : theme}
      data-cgh-layout={unstyled ? undefined : layout}
      onKeyDown={(event) => event.key === 'Escape' && stop()}
      {...handlers}
    >
      {/* With these keys, what changes its kind or its place with the state is a new element, so that it counts as no layout
          shift (https://wicg.github.io/layout-instability/), and a press begun in one state never ends in the next. */}
      <span key={tone} data-cgh-part="mark" aria-hidden>
        {avatarUrl && !isMissing ? (
          <img width="32" height="32" alt="" src={avatarUrl} onError={setMissing} />
        ) : (
          mark
        )}
      </span>
      <div data-cgh-part="body">
        <strong data-cgh-part="title" tabIndex={-1}>
          {title}
        </strong>
        {said && (
          <p key={name} data-cgh-part="text">
            {said}
          </p>
        )}
        {note && <p data-cgh-part="note">{note}</p>}
        {message}
        {(status === 'connected' || tone === 'good') && details && (
          <div data-cgh-part="details">{details}</div>
        )}
      </div>
      <div key={status} data-cgh-part="actions">
        {actions}
      </div>
      <output data-cgh-part="status">{spoken}</output>
    </div>
  )
}
