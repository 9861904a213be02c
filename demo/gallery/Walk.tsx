// One card that goes through whole flows, with a paragraph of the host below it that should stay where it is.
import { QueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { ConnectGitHub } from '../../widget/index.ts'
import { languages } from './languages.ts'
import type { Settings } from './settings.ts'
import { setAnswers } from './wire.ts'
import { walks } from './walks.ts'

const BASE = '/card/walk'

/** The step stands in the address, as `#connected/binding`, so that a step is not a press in the page. */
function readStep(): readonly [string, string] {
  const [walk = 'connected', step = 'loading'] = location.hash
    .slice(1)
    .split('/')
    .filter((part) => part !== '')
  return [walk, step]
}

function goTo(walk: string, name: string): void {
  const step = walks[walk]?.find((candidate) => candidate.name === name)
  if (step) setAnswers(BASE, step.answers)
}

goTo(...readStep())

export function Walk({ settings }: { readonly settings: Settings }): ReactNode {
  const [[walk, step], setStep] = useState(readStep)
  const [queryClient] = useState(() => new QueryClient())
  useEffect(() => {
    const onHash = () => {
      goTo(...readStep())
      setStep(readStep())
    }
    window.addEventListener('hashchange', onHash)
    return () => window.removeEventListener('hashchange', onHash)
  }, [])
  const theme = settings.theme === 'both' ? 'light' : settings.theme
  return (
    <main className="walk" data-theme={theme} dir={settings.dir}>
      <div className="frame" style={{ inlineSize: settings.width }}>
        <p>A paragraph of the host page, above the card.</p>
        <ConnectGitHub
          mode="popup"
          appearance={{ theme }}
          locale={languages.get(settings.language)}
          baseURL={BASE}
          queryClient={queryClient}
        />
        <p id="below">A paragraph of the host page, below the card.</p>
      </div>
      <nav aria-label="Steps">
        {Object.entries(walks).map(([name, steps]) => (
          <p key={name}>
            {name}:{' '}
            {steps.map(({ name: to }) => (
              <a key={to} href={`#${name}/${to}`} aria-current={(name === walk && to === step) || undefined}>
                {to}
              </a>
            ))}
          </p>
        ))}
      </nav>
    </main>
  )
}
