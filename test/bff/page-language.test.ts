// Which language and theme a page gets: what the host page wished, what the browser asks for, and what is neither.
import fc from 'fast-check'
import Koa from 'koa'
import { describe, expect, it, test } from 'vitest'
import { findLanguage } from '../../bff/pages/choose-language.ts'
import { parseWish, toQuery } from '../../bff/pages/page-wish.ts'
import { presentationFor } from '../../bff/pages/presentation.ts'
import type { RequestState } from '../../bff/middleware/request-context.ts'

describe('lookup', () => {
  test.each([
    ['en', 'en'],
    ['de', 'de'],
    ['DE', 'de'],
    ['de-AT', 'de'],
    ['de-CH-1996-u-co-phonebk', 'de'],
    ['fr-CA', 'fr'],
    ['es-419', 'es'],
    ['pt', 'pt-BR'],
    ['pt-BR', 'pt-BR'],
    ['pt-br', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['ja-JP-u-ca-japanese', 'ja'],
    ['zh', 'zh-Hans'],
    ['zh-CN', 'zh-Hans'],
    ['zh-hans-sg', 'zh-Hans'],
    ['zh-Hant-TW', 'zh-Hans'],
    ['ar-EG', 'ar'],
    ['he-IL', 'he'],
    ['iw', 'he'],
    ['iw-IL', 'he'],
  ])('leads from %s to %s', (asked, found) => {
    expect(findLanguage([asked])?.tag).toBe(found)
  })

  test.each(['nl', 'i-klingon', 'x-de', 'deu', 'd', '*', '', '-', 'de_AT', 'constructor', '__proto__'])(
    'leads nowhere from %s',
    (asked) => {
      expect(findLanguage([asked])).toBeUndefined()
    },
  )

  it('takes the first tag that leads anywhere', () => {
    expect(findLanguage(['nl', 'da-DK', 'fr-CH', 'de'])?.tag).toBe('fr')
    expect(findLanguage([])).toBeUndefined()
  })
})

describe('a presentation', () => {
  const present = (acceptLanguage: string | undefined, locale: string | null = null) => {
    const app = new Koa<RequestState>()
    // Koa makes its context from a request and a response; of these it reads nothing here but the header.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const request = { headers: { 'accept-language': acceptLanguage }, socket: {} } as never
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const ctx = app.createContext<RequestState>(request, {} as never)
    const { texts, theme, isNegotiated } = presentationFor(ctx, { locale, theme: 'dark' })
    expect(theme).toBe('dark')
    return `${texts.tag}${isNegotiated ? ' of the browser' : ''}`
  }

  test.each<[string | undefined, string | null, string]>([
    ['fr', 'de-AT', 'de'],
    ['fr', 'nl', 'fr of the browser'],
    ['fr', null, 'fr of the browser'],
    ['nl, fr-CH;q=0.8, de;q=0.9', null, 'de of the browser'],
    ['de;q=0, fr;q=0.1', null, 'fr of the browser'],
    ['da, en-GB;q=0.8, de;q=0.7', null, 'en of the browser'],
    ['zh-TW,zh;q=0.9,en-US;q=0.8', null, 'zh-Hans of the browser'],
    ['*', null, 'en of the browser'],
    ['', null, 'en of the browser'],
    [undefined, null, 'en of the browser'],
    [undefined, 'tlh', 'en of the browser'],
    [undefined, 'he', 'he'],
  ])('for a browser that asks for %s and a host page that asks for %s is %s', (header, locale, expected) => {
    expect(present(header, locale)).toBe(expected)
  })

  it('is found for any header, however wrong', () => {
    const header = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc
        .array(fc.constantFrom('de', '-', ';', 'q=', '0.5', ',', '*', ' ', '"', '=', 'NaN', '\u00e9'))
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(header, (text) => {
        expect(present(text)).toMatch(/ of the browser$/)
      }),
    )
  })
})

describe('a wish in a query', () => {
  test.each([
    ['', null, null],
    ['locale=de&theme=dark', 'de', 'dark'],
    ['theme=light', null, 'light'],
    ['locale=zh-Hans-CN', 'zh-Hans-CN', null],
    ['locale=&theme=', null, null],
    ['locale=de%0a&theme=Dark', null, null],
    ['locale=d&theme=auto', null, null],
    [`locale=de${'-abcdefgh'.repeat(4)}`, null, null],
    ['locale=%22%3E%3Cscript%3E&theme=%22', null, null],
    ['locale=de&locale=fr&theme=light&theme=dark', 'de', 'light'],
    ['Locale=de&x=1', null, null],
    ['locale=%E0%A4%A', null, null],
  ])('%s is read', (query, locale, theme) => {
    expect(parseWish(query)).toEqual({ locale, theme })
  })

  it('is written as it is read', () => {
    for (const locale of [null, 'de', 'zh-Hans-CN'])
      for (const theme of [null, 'light', 'dark'] as const)
        expect(parseWish(toQuery({ locale, theme }))).toEqual({ locale, theme })
    expect(toQuery({ locale: null, theme: null })).toBe('')
  })
})
