// What the pages say: every language says all of it, in its own words and its own script, as text and nothing else.
import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../bff/pages/choose-language.ts'
import { en } from '../../bff/pages/languages/en.ts'
import type { PageTexts } from '../../bff/pages/page-texts.ts'
import { toScriptTexts } from '../../bff/pages/script-texts.ts'

/** Letters that a text of the language has unless it is a name. */
const SCRIPTS: Readonly<Record<string, RegExp>> = {
  ja: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
  'zh-Hans': /\p{Script=Han}/u,
  ar: /\p{Script=Arabic}/u,
  he: /\p{Script=Hebrew}/u,
}

const LEAVES = ['tag', 'dir']

/** Every text with its path, e.g. `statuses.connected.title`. */
function textsOf(value: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]]
  return Object.entries(value ?? {}).flatMap(([name, part]) =>
    LEAVES.includes(name) ? [] : textsOf(part, path === '' ? name : `${path}.${name}`),
  )
}

it('names each language once, and the direction in which it is written', () => {
  expect(LANGUAGES.map(({ tag }) => tag)).toEqual([
    'en',
    'de',
    'fr',
    'es',
    'pt-BR',
    'ja',
    'zh-Hans',
    'ar',
    'he',
  ])
  for (const { tag, dir } of LANGUAGES) {
    expect(Intl.getCanonicalLocales(tag)).toEqual([tag])
    expect(dir).toBe(['ar', 'he'].includes(tag) ? 'rtl' : 'ltr')
  }
})

describe.each(LANGUAGES.map((texts): [string, PageTexts] => [texts.tag, texts]))('%s', (tag, texts) => {
  const own = textsOf(texts)

  it('has every text, without blanks at its ends or two in a row', () => {
    expect(own.map(([path]) => path).toSorted()).toEqual(
      textsOf(en)
        .map(([path]) => path)
        .toSorted(),
    )
    for (const [path, text] of own) expect(`${path}: ${text}`).toMatch(/: \S(?:\S| (?! ))*\S$/)
  })

  it('has words of its own, in its own script', () => {
    const english = new Map(textsOf(en))
    const script = SCRIPTS[tag] ?? /\p{Script=Latin}/u
    const foreign = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Thai}\p{Script=Hangul}]/u
    for (const [path, text] of own) {
      if (tag !== 'en') expect(text, path).not.toBe(english.get(path))
      expect(text, path).toMatch(script)
      expect(text, path).not.toMatch(foreign)
    }
  })

  it('ends texts as sentences and titles not, and writes quotes and dots as printers do', () => {
    for (const [path, text] of own) {
      expect(text, path).not.toMatch(/['"<>&{}]|\.\.\./)
      const isSentence = path.endsWith('.text') || path.startsWith('errors.')
      if (isSentence) expect(text, path).toMatch(/[.。]$/)
      if (path.endsWith('.title') || path.startsWith('problemTitles.'))
        expect(text, path).not.toMatch(/[.。]$/)
    }
  })

  it('gives scripts the text of every status and error', () => {
    const given: unknown = JSON.parse(toScriptTexts(texts))
    const statuses = Object.entries(texts.statuses).map(([status, { text }]) => [status, text])
    expect(given).toEqual({ ...Object.fromEntries(statuses), ...texts.errors })
    // No code is called like a status, so that none hides another.
    expect(Object.keys(texts.statuses).filter((status) => status in texts.errors)).toEqual([])
  })
})
