// Focus and announcements: the keyboard never falls off the card, and each change is spoken once.
import { useEffect, useRef, useState } from 'react'
import type { FocusEvent, RefObject } from 'react'
import { endSentence } from '../error.ts'

/**
 * When the focused control disappears, focus goes to the same action of the new state; else to "Disconnect", from where a
 * confirmation was asked for; else to the main action, or to the title. What is new among title, text and note is spoken,
 * but nothing the page loaded with.
 * @param isQuiet while what is on the card is not worth saying, because the next is on its way.
 * @returns what the live region says, and handlers for the root.
 */
export function useAccess(root: RefObject<HTMLElement | null>, isQuiet: boolean | undefined) {
  /** The part that has the focus; undefined when it is outside. */
  const focused = useRef<string>(undefined)
  const before = useRef<readonly string[]>(null)
  const [spoken, say] = useState('')
  // eslint-disable-next-line react/exhaustive-deps -- what is on the card is compared, and a text is said only when it is new
  useEffect(() => {
    const all = (selector: string) => [...(root.current?.querySelectorAll<HTMLElement>(selector) ?? [])]
    const active = document.activeElement
    if (focused.current && (!active || active === document.body)) {
      const targets = [
        `[data-cgh-part=${focused.current}]`,
        '[data-cgh-part=disconnect]',
        '[data-cgh-part=actions]>*',
        'strong',
      ]
      targets.flatMap(all)[0]?.focus()
    }
    if (isQuiet) return
    const texts = all('[data-cgh-part=body]>:is(strong,p)').map((part) => endSentence(part.textContent ?? ''))
    const old = before.current ?? texts
    const news = texts.filter((text) => !old.includes(text))
    if (news.length) say(news.join(' '))
    before.current = texts
  })
  return {
    spoken,
    // React reports no blur for an element it removes itself, so a part is named exactly when its focus has to be saved.
    handlers: {
      onFocus: ({ target }: FocusEvent<HTMLElement>) =>
        void (focused.current = target.dataset['cghPart'] ?? 'title'),
      onBlur: () => void (focused.current = undefined),
    },
  }
}
