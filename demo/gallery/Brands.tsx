// The connect button in the colours of many brands, light and dark.
import type { ReactNode } from 'react'
import { notConnected } from './answers.ts'
import { brands } from './brands.ts'
import type { Case } from './case.ts'
import { CaseCard } from './CaseCard.tsx'
import { languages } from './languages.ts'
import type { Settings, Theme } from './settings.ts'

const caseOf = (name: string, accent: string): Case => ({
  name,
  status: 'not_connected',
  answers: { connection: { body: notConnected } },
  props: { appearance: { variables: { accent } } },
})

const brandCases = Object.entries(brands).map(([name, accent]) => caseOf(name, accent))

export function Brands({ settings }: { readonly settings: Settings }): ReactNode {
  const { theme, dir, language, width } = settings
  const themes: readonly Theme[] = theme === 'both' ? ['light', 'dark'] : [theme]
  return (
    <main data-count={brandCases.length * themes.length}>
      <section className="language" aria-label={language}>
        {themes.map((each) => (
          <div key={each} className="theme" data-theme={each} dir={dir}>
            {brandCases.map((brand) => (
              <CaseCard
                key={brand.name}
                of={brand}
                theme={each}
                language={languages.get(language)}
                width={width}
                onSettled={() => undefined}
              />
            ))}
          </div>
        ))}
      </section>
    </main>
  )
}
