'use client'
// <ConnectGitHub/>: the card that shows the state of useConnectGitHub() and offers its actions.
import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { mergeMessages } from './messages.ts'
import type { ConnectGitHubOptions } from './options.ts'
import { useConnectGitHub } from './useConnectGitHub.ts'
import type { ConnectGitHubState } from './useConnectGitHub.ts'
import { useAnnouncement, useKeptFocus } from './views/access.ts'
import { button, Card } from './views/Card.tsx'
import { describe } from './views/describe.tsx'

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
  /** Leaves the class `cgh-card` away, on which every rule of styles.css depends. */
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
  return useCard(props, useConnectGitHub(props))
}

/** The card of a state that the caller holds: the custom element hands the same one to its page. */
export function useCard(props: ConnectGitHubProps, state: ConnectGitHubState): ReactNode {
  const { appearance, className, unstyled, locale, children, messages: overrides, disabled = false } = props
  const messages = mergeMessages(overrides)
  const root = useRef<HTMLDivElement>(null)
  const variables = appearance?.variables
  useEffect(() => {
    if (!root.current) return
    // Through the CSSOM: a style attribute in the markup would need 'unsafe-inline' in the host's policy
    // (https://www.w3.org/TR/CSP3/#directive-style-src), cssText does not.
    const rules = Object.entries(variables ?? {}).map(([name, value]) => `--cgh-${name}:${value}`)
    root.current.style.cssText = rules.join(';')
  }, [variables])
  const focus = useKeptFocus(root)
  const [announcement, say] = useAnnouncement(root, state)

  const [asking, setAsking] = useState(false)
  const [copied, setCopied] = useState('')
  // An answer newer than the press was asked for by it, or is as good.
  const [pressedAt, setPressedAt] = useState(Infinity)
  const unapproved = state.status === 'awaiting_approval' && state.checkedAt > pressedAt
  const { notApproved } = messages
  useEffect(() => {
    if (unapproved) say(notApproved)
  }, [unapproved, say, notApproved])

  const label = children ?? messages.connect
  let look = describe(state, { messages, locale, disabled, label, ask: () => setAsking(true) })
  if (asking && 'disconnect' in state) {
    const stop = () => setAsking(false)
    const disconnect = () => {
      stop()
      state.disconnect()
    }
    const actions = [
      button('keep', messages.keep, stop),
      button('disconnect', messages.disconnect, disconnect),
    ]
    look = { tone: 'warn', text: messages.confirm, notes: [], actions }
  } else if (state.status === 'awaiting_approval') {
    const copy = async () => {
      let result = messages.copied
      try {
        await navigator.clipboard.writeText(request)
      } catch {
        // Denied, or no secure context: the text is selected, the keys do the rest.
        root.current?.querySelector('textarea')?.select()
        result = messages.copyByHand
      }
      setCopied(result)
      say(result)
    }
    const check = () => {
      setPressedAt(state.checkedAt)
      say('')
      state.checkAgain()
    }
    // Query and hash may hold what is not meant for others; the page's place is enough.
    const request = messages.approval.replace('{page}', () => location.origin + location.pathname)
    const { notes, actions } = look
    look = {
      ...look,
      notes: [...notes, unapproved && notApproved],
      extra: <textarea readOnly rows={6} value={request} aria-label={messages.copy} />,
      actions: [
        <button key="copy" type="button" onClick={() => void copy()}>
          {copied || messages.copy}
        </button>,
        button('checkAgain', messages.checkAgain, check),
        ...actions,
      ],
    }
  }

  return (
    <div
      ref={root}
      role="group"
      aria-label={messages.label}
      className={`${unstyled ? '' : 'cgh-card'} ${className ?? ''}`.trim()}
      lang={locale}
      data-cgh-state={state.status}
      data-cgh-tone={look.tone}
      data-cgh-theme={appearance?.theme}
      onKeyDown={(event) => event.key === 'Escape' && setAsking(false)}
      {...focus}
    >
      <Card {...look} />
      <p role="status">{announcement}</p>
    </div>
  )
}
