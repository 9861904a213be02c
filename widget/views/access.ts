// Focus and announcements: the keyboard never falls off the card, and each change is spoken once.
import { useEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import { endSentence } from '../error.ts'
import type { ConnectGitHubState } from '../useConnectGitHub.ts'

/** When the focused control disappears with a change of state, focus goes to the new main action, or to the heading. */
export function useKeptFocus(root: RefObject<HTMLElement | null>) {
  const inside = useRef(false)
  useEffect(() => {
    const active = document.activeElement
    if (!inside.current || (active && active !== document.body)) return
    const find = (part: string) => root.current?.querySelector<HTMLElement>(part)
    const target = find('.cgh-actions > *') ?? find('strong')
    target?.focus()
  })
  // React reports no blur for an element it removes itself, so this stays true exactly in the case above.
  return { onFocus: () => void (inside.current = true), onBlur: () => void (inside.current = false) }
}

/**
 * The heading and texts of the card after each change of state; nothing for what the page loaded with.
 * @returns what the live region says, and a function to say something else.
 */
export function useAnnouncement(
  root: RefObject<HTMLElement | null>,
  { status, trouble }: ConnectGitHubState,
) {
  const [spoken, setSpoken] = useState('')
  const before = useRef('loading')
  const key = trouble ? status + trouble.code : status
  useEffect(() => {
    if (before.current !== key && before.current !== 'loading') {
      const parts = root.current?.querySelectorAll('strong, p:not([role])') ?? []
      setSpoken(Array.from(parts, (part) => endSentence(part.textContent ?? '')).join(' '))
    }
    before.current = key
  }, [key, root])
  return [spoken, setSpoken] as const
}
