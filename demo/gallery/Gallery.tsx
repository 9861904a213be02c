// All cases in all asked-for themes and languages. Those that need a clock in a hurry come first, the others when they are done.
import { useCallback, useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { hurryClock } from './browser-doubles.ts'
import { CaseCard } from './CaseCard.tsx'
import { FramedCase, isInFrame, tellHost } from './FramedCase.tsx'
import type { Case } from './case.ts'
import { cases } from './cases.ts'
import { languages } from './languages.ts'
import type { Settings, Theme } from './settings.ts'

const PATIENCE_MS = 4_000

export function Gallery({ settings }: { readonly settings: Settings }): ReactNode {
  const { language, theme, dir, width, state, layout } = settings
  const shown = pickCases(state).filter(({ isTextOnly }) => layout === 'list' || !isTextOnly)
  const themes: readonly Theme[] = theme === 'both' ? ['light', 'dark'] : [theme]
  const tags = language === 'all' ? ['en', ...languages.keys()] : [language]
  const hurried = shown.filter(({ isHurried }) => isHurried).length * themes.length * tags.length
  const [isCalm, onSettled] = useHurry(hurried)

  // A frame is part of the page around it, which has its landmarks.
  const Main = isInFrame() ? 'div' : 'main'
  const Section = isInFrame() ? 'div' : 'section'
  return (
    <Main
      data-layout={layout}
      data-narrow={width < 400 || undefined}
      data-count={shown.length * themes.length * tags.length}
    >
      {tags.map((tag) => (
        <Section key={tag} className="language" {...(!isInFrame() && { 'aria-label': tag })}>
          {tags.length > 1 && <h2>{tag}</h2>}
          {themes.map((each) => (
            <div key={each} className="theme" data-theme={each} dir={languages.get(tag)?.dir ?? dir}>
              {shown
                .filter((candidate) => isCalm || candidate.isHurried)
                .map((candidate) =>
                  candidate.isFramed && !isInFrame() ? (
                    <FramedCase
                      key={candidate.name}
                      of={candidate}
                      settings={{ ...settings, theme: each, language: tag }}
                    />
                  ) : (
                    <CaseCard
                      key={candidate.name}
                      of={candidate}
                      theme={each}
                      language={languages.get(tag)}
                      width={width}
                      onSettled={isInFrame() ? tellHost : candidate.isHurried ? onSettled : ignore}
                    />
                  ),
                )}
            </div>
          ))}
        </Section>
      ))}
    </Main>
  )
}

const ignore = () => undefined

function pickCases(state: string): readonly Case[] {
  const names = state.split(',').filter((name) => name !== '')
  const picked = cases.filter(
    ({ name }) => names.length === 0 || names.some((start) => name.startsWith(start)),
  )
  if (picked.length === 0)
    throw new Error(`?state= names no case; there are ${cases.map(({ name }) => name).join(', ')}.`)
  return picked
}

/**
 * Hurries the clock until so many cards have settled, or patience ends.
 * @returns whether the clock is as usual again, and what a settled card calls.
 */
function useHurry(count: number): readonly [boolean, () => void] {
  const [isCalm, setCalm] = useState(count === 0)
  const left = useRef(count)
  useEffect(() => {
    if (isCalm) return
    const patience = setTimeout(() => setCalm(true), PATIENCE_MS)
    const calmDown = hurryClock()
    return () => {
      clearTimeout(patience)
      calmDown()
    }
  }, [isCalm])
  const onSettled = useCallback(() => {
    left.current -= 1
    if (left.current === 0) setCalm(true)
  }, [])
  return [isCalm, onSettled]
}
