// @vitest-environment jsdom
// The languages the widget comes with: each says everything English says, in its own words, and in its direction.
import { describe, expect, it } from 'vitest'
import { ar } from '../../widget/languages/ar.ts'
import { de } from '../../widget/languages/de.ts'
import { es } from '../../widget/languages/es.ts'
import { fr } from '../../widget/languages/fr.ts'
import { he } from '../../widget/languages/he.ts'
import { ja } from '../../widget/languages/ja.ts'
import { ptBR } from '../../widget/languages/pt-BR.ts'
import { zhHans } from '../../widget/languages/zh-Hans.ts'
import { english } from '../../widget/messages.ts'
import { connected, notConnected } from './fake-bff.ts'
import { keepTestsApart, show } from './setup.tsx'

keepTestsApart()

const languages = [ar, de, es, fr, he, ja, ptBR, zhHans]
/** GitHub’s own word, which its Japanese pages keep, and one that German has as well. */
const SAME_AS_ENGLISH: Readonly<Record<string, readonly string[]>> = {
  de: ['support'],
  ja: ['Organization'],
}
/** Of the English text’s length; short words are let be. */
const LONGEST = 1.8
const SHORT = 48

/** Every text of a language by its path, e.g. `waiting.title`. */
function textsOf(messages: object): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(messages).flatMap(([name, value]: [string, string | object]) =>
      typeof value === 'string'
        ? [[name, value] as const]
        : [...textsOf(value)].map(([part, text]) => [`${name}.${part}`, text] as const),
    ),
  )
}

const placeholdersOf = (text: string): readonly string[] => text.match(/\{\w+\}/g) ?? []
const englishTexts = textsOf(english)

describe.each(languages)('$tag', ({ tag, dir, messages }) => {
  const texts = textsOf(messages)

  it('says everything that English says', () => {
    expect([...texts.keys()].toSorted()).toEqual([...englishTexts.keys()].toSorted())
    for (const [path, text] of texts) expect([path, text.trim()]).toEqual([path, expect.stringMatching(/./)])
  })

  it('fills in the same names, dates and pages', () => {
    for (const [path, text] of texts)
      expect([path, placeholdersOf(text)]).toEqual([path, placeholdersOf(englishTexts.get(path) ?? '')])
  })

  it('leaves nothing in English', () => {
    const left = [...texts].filter(([path, text]) => text === englishTexts.get(path)).map(([path]) => path)
    expect(left).toEqual(SAME_AS_ENGLISH[tag] ?? [])
  })

  it('names the button to press as the button is called', () => {
    expect(messages.approval).toContain(messages.connect)
  })

  it('is not much longer than English', () => {
    for (const [path, text] of texts) {
      const most = Math.max(SHORT, (englishTexts.get(path) ?? '').length * LONGEST)
      expect([path, text.length <= most]).toEqual([path, true])
    }
  })

  it('draws the card in its language and direction', async () => {
    const { card, reach } = show(notConnected, { locale: { tag, dir, messages } })
    await reach('not_connected')
    expect(card().lang).toBe(tag)
    expect(card().dir).toBe(dir)
    expect(card().getAttribute('aria-label')).toBe(messages.label)
    expect(card().textContent).toContain(messages.notConnected.title)
  })

  it('writes dates as they are written there', async () => {
    const { card, reach } = show(connected, { locale: { tag, dir, messages } })
    await reach('connected')
    const date = new Date(connected.connectedAt ?? '').toLocaleDateString(tag, { dateStyle: 'long' })
    expect(card().textContent).toContain(messages.since.replace('{date}', date))
  })
})

it('reads from right to left in Arabic and Hebrew only', () => {
  expect(languages.filter(({ dir }) => dir === 'rtl').map(({ tag }) => tag)).toEqual(['ar', 'he'])
})
