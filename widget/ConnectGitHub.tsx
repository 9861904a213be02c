'use client'
// <ConnectGitHub/>: the card that shows the state of useConnectGitHub() and offers its actions.
import { useEffect, useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { english, mergeMessages } from './messages.ts'
import type { Messages } from './messages.ts'
import type { ConnectGitHubOptions } from './options.ts'
import { useConnectGitHub } from './useConnectGitHub.ts'
import { useAnnouncement, useKeptFocus } from './views/access.ts'
import { Card } from './views/Card.tsx'
import type { Action, Look } from './views/Card.tsx'
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

  const [asking, setAsking] = useState(false)
  const [copied, setCopied] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)
  const copy = async () => {
    let result = messages.copied
    try {
      await navigator.clipboard.writeText(field.current?.value ?? '')
    } catch {
      // Denied, or no secure context: the text is selected, the keys do the rest.
      field.current?.select()
      result = messages.copyByHand
    }
    setCopied(result)
    say(result)
  }

  // An answer newer than the press was asked for by it, or as good.
  const [pressedAt, setPressedAt] = useState(Infinity)
  const stillWaiting = state.status === 'awaiting_approval' && state.checkedAt > pressedAt
  useEffect(() => {
    if (stillWaiting) say(messages.notApproved)
  }, [stillWaiting, say, messages])

  const label = children ?? messages.connect
  let look: Look = describe(state, { messages, locale, disabled, label, ask: () => setAsking(true) })
  const confirming = asking && 'disconnect' in state
  if (confirming) {
    const disconnect = () => {
      setAsking(false)
      state.disconnect()
    }
    const actions: Action[] = [
      { label: messages.keep, press: () => setAsking(false) },
      { label: messages.disconnect, press: disconnect },
    ]
    look = { tone: 'warn', text: messages.confirm, actions }
  } else if (state.status === 'awaiting_approval') {
    // Query and hash may hold what is not meant for others; the page's place is enough.
    const request = messages.approval.replace('{page}', () => location.origin + location.pathname)
    const extra = (
      <textarea
        className={name('message')}
        ref={field}
        readOnly
        rows={4}
        value={request}
        aria-label={messages.copy}
      />
    )
    const check = () => {
      setPressedAt(state.checkedAt)
      say('')
      state.checkAgain()
    }
    const actions: Action[] = [
      { label: copied || messages.copy, press: () => void copy() },
      { label: messages.checkAgain, press: check },
      ...(look.actions ?? []),
    ]
    look = { ...look, extra, actions, notes: [...(look.notes ?? []), stillWaiting && messages.notApproved] }
  }

  return (
    <div
      ref={root}
      role="group"
      aria-label={messages.label}
      className={[name('card'), className].filter(Boolean).join(' ') || undefined}
      lang={locale}
      data-cgh-state={state.status}
      data-cgh-theme={appearance?.theme ?? 'auto'}
      onKeyDown={(event) => event.key === 'Escape' && setAsking(false)}
      {...focus}
    >
      <Card {...look} name={name} group={confirming ? 'confirm' : ''} />
      <p role="status" className={name('live')} data-cgh-live="">
        {announcement}
      </p>
    </div>
  )
}
