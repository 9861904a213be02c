// One card of the gallery: the real component with answers, client and server path of its own, pressed as its case says.
import { QueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { ConnectGitHub } from '../../widget/index.ts'
import type { Language } from '../../widget/index.ts'
import { english } from '../../widget/messages.ts'
import { Repositories } from '../../widget/repositories.ts'
import { withBehaviour } from './browser-doubles.ts'
import type { Case } from './case.ts'
import type { Theme } from './settings.ts'
import { textsOf, wordsOn } from './words.ts'
import { setAnswers } from './wire.ts'

export interface CaseCardProps {
  readonly of: Case
  readonly theme: Theme
  /** Undefined for English. */
  readonly language: Language | undefined
  /** In pixels. */
  readonly width: number
  /** Called once, when the card shows what its case is about. */
  readonly onSettled: () => void
}

let made = 0

/** `data-settled` says that nothing will change any more. */
export function CaseCard({ of: shown, theme, language, width, onSettled }: CaseCardProps): ReactNode {
  const [{ baseURL, queryClient }] = useState(() => {
    made += 1
    const path = `/card/${shown.name}.${made}`
    setAnswers(path, shown.answers)
    return { baseURL: path, queryClient: new QueryClient() }
  })
  const frame = useRef<HTMLElement>(null)
  const pressed = useRef(0)
  const [isSettled, setSettled] = useState(false)

  useEffect(() => {
    const node = frame.current
    if (!node || isSettled) return
    const messages = language?.messages ?? english
    const look = () => {
      const press = shown.presses?.[pressed.current]
      if (press !== undefined) {
        const [label] = textsOf(messages, press)
        const button = [...node.querySelectorAll('button')].find(
          (candidate) => candidate.textContent === label && candidate.ariaDisabled !== 'true',
        )
        if (!button) return
        pressed.current += 1
        withBehaviour(shown, () => button.click())
        return
      }
      const status = node.querySelector<HTMLElement>('[data-cgh-state]')?.dataset['cghState']
      const words = wordsOn(node)
      const texts = (shown.shows ?? []).flatMap((name) => textsOf(messages, name))
      if (status !== shown.status || !texts.every((text) => words.includes(text))) return
      if (shown.repositories !== undefined && !showRepositories(node, shown.repositories)) return
      observer.disconnect()
      setSettled(true)
      onSettled()
    }
    const observer = new MutationObserver(look)
    observer.observe(node, { subtree: true, childList: true, characterData: true, attributes: true })
    look()
    return () => observer.disconnect()
  }, [shown, language, isSettled, onSettled])

  return (
    <figure ref={frame} data-case={shown.name} data-settled={isSettled || undefined}>
      <figcaption>{shown.name}</figcaption>
      <div className="frame" style={{ inlineSize: width }}>
        <ConnectGitHub
          mode="popup"
          {...shown.props}
          appearance={{ theme, ...shown.props?.appearance }}
          details={
            shown.repositories === undefined ? (
              shown.props?.details
            ) : (
              <Repositories baseURL={baseURL} queryClient={queryClient} locale={language} />
            )
          }
          locale={language}
          baseURL={baseURL}
          queryClient={queryClient}
        />
      </div>
    </figure>
  )
}

/** False while the list is not there yet. */
function showRepositories(card: HTMLElement, as: 'closed' | 'open'): boolean {
  const list = card.querySelector('details')
  if (!list?.querySelector('li')) return false
  list.open = as === 'open'
  return true
}
