// @vitest-environment jsdom
// The words of <Repositories/>: its languages, their plurals, and the host's own.
import { screen } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ar } from '../../widget/languages/ar.ts'
import { de } from '../../widget/languages/de.ts'
import { es } from '../../widget/languages/es.ts'
import { fr } from '../../widget/languages/fr.ts'
import { he } from '../../widget/languages/he.ts'
import { ja } from '../../widget/languages/ja.ts'
import { ptBR } from '../../widget/languages/pt-BR.ts'
import { zhHans } from '../../widget/languages/zh-Hans.ts'
import { english } from '../../widget/repositories-texts.ts'
import { keepTestsApart } from './setup.tsx'
import { onOnePage, part, said, showCard } from './show-card.tsx'

keepTestsApart()
beforeEach(() => void vi.useFakeTimers())

describe('its words', () => {
  it('come with a language, in its plural', async () => {
    await showCard({ locale: de }, ['api'])
    expect(said('repositoryCount')).toBe('1 Repository')
    expect(part('repositories')).toMatchObject({ lang: 'de', dir: 'ltr' })
  })

  it.each([
    [1, 'مستودع واحد'],
    [2, 'مستودعان'],
    [3, 'مستودعات'],
    [9, 'مستودعات'],
    [11, 'مستودعًا'],
  ])('count to %i in Arabic', async (count, word) => {
    const names = Array.from({ length: count }, (_, index) => `r${index}`)
    await showCard({ locale: ar }, names, onOnePage(names))
    expect(said('repositoryCount')).toContain(word)
    expect(part('repositories')?.dir).toBe('rtl')
  })

  it('are English where a language of the host’s own has none, and say so', async () => {
    await showCard({ locale: { ...ar, repositories: undefined } })
    expect(said('repositoryCount')).toBe('2+ repositories')
    expect(part('repositories')).toMatchObject({ lang: 'en', dir: 'ltr' })
  })

  it('can be replaced one by one', async () => {
    await showCard({ locale: de, repositoryMessages: { more: 'Weitere', title: undefined } })
    expect(said('more')).toBe('Weitere')
    expect(screen.getByRole('list', { name: 'Repositorys', hidden: true })).toBeTruthy()
  })

  it.each([de, fr, es, ptBR, ja, zhHans, ar, he])('say in $tag everything that English says', (language) => {
    const texts = language.repositories
    const { count, ...rest } = texts ?? english
    expect(Object.keys(texts ?? {}).toSorted()).toEqual(Object.keys(english).toSorted())
    const { pluralCategories } = new Intl.PluralRules(language.tag).resolvedOptions()
    // Spanish, French and Portuguese have a plural of their own for whole millions; so many are not counted.
    const needed = pluralCategories.filter((category) =>
      [1, 2, 3, 11, 30, 100].some((number) => new Intl.PluralRules(language.tag).select(number) === category),
    )
    expect(Object.keys(count)).toEqual(expect.arrayContaining(needed))
    for (const text of Object.values(count)) expect(text).toContain('{count}')
    for (const [name, text] of Object.entries(rest)) {
      expect(text.trim()).not.toBe('')
      expect([name, text]).not.toEqual([name, Reflect.get(english, name)])
    }
  })
})
