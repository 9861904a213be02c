// Focus and announcements: the keyboard never falls off the card, and each change is spoken once.
import { useEffect, useRef, useState } from 'react'
import type { FocusEventHandler, RefObject } from 'react'
import { endSentence } from '../error.ts'
import type { ConnectGitHubState } from '../useConnectGitHub.ts'

/** When the focused control disappears with a change of state, focus goes to the new main action, or to the heading. */
export function useKeptFocus(root: RefObject<HTMLElement | null>) {
  const inside = useRef(false)
  useEffect(() => {
    const active = document.activeElement
    if (inside.current && (!active || active === document.body))
      for (const part of ['main', 'heading']) {
        const target = root.current?.querySelector<HTMLElement>(`[data-cgh-${part}]`)
        if (target) return target.focus()
      }
  })
  // React reports no blur for an element it removes itself, so this stays true exactly in the case above.
  const onFocus: FocusEventHandler = () => void (inside.current = true)
  const onBlur: FocusEventHandler = () => void (inside.current = false)
  return { onFocus, onBlur }
}

/**
 * The heading and text of the card after each change of state; nothing for what the page loaded with.
 * @returns what the live region says, and a function to say something else.
 */
export function useAnnouncement(
  root: RefObject<HTMLElement | null>,
  { status, trouble }: ConnectGitHubState,
) {
  const [spoken, setSpoken] = useState('')
  const before = useRef('loading')
  const key = status + (trouble ? ` ${trouble.code}` : '')
  useEffect(() => {
    if (before.current === key) return
    if (before.current !== 'loading')
      setSpoken(
        Array.from(root.current?.querySelectorAll('[data-cgh-say]') ?? [], (part) =>
          endSentence(part.textContent ?? ''),
        ).join(' '),
      )
    before.current = key
  }, [key, root])
  return [spoken, setSpoken] as const
}
