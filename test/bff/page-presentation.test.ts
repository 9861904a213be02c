// Pages over HTTP: in the flow's language and theme, else the browser's, with headers that say so; and only text in them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { de } from '../../bff/pages/languages/de.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { createFlowId, type Answer, type TestBrowser } from '../stack/test-browser.ts'

let stack: Stack
let ann: TestBrowser
beforeAll(async () => {
  stack = await startStack()
  ann = stack.browser('ann')
})
afterAll(() => stack.close())

const open = (path: string, acceptLanguage?: string): Promise<Answer> =>
  ann.navigate(path, { 'accept-language': acceptLanguage })

/** What an answer says of its language and look. */
function looksOf({ text, headers }: Answer) {
  const [, lang, dir, theme] =
    /<html lang="([^"]*)" dir="([^"]*)"(?: data-theme="([^"]*)")?>/.exec(text) ?? []
  const [, scheme] = /<meta name="color-scheme" content="([^"]*)">/.exec(text) ?? []
  expect(headers.get('content-language')).toBe(lang)
  return { lang, dir, theme, scheme, varies: (headers.get('vary') ?? '').includes('Accept-Language') }
}

const launchPath = (): string => `/flows/${createFlowId()}/launch`

describe('the launch page', () => {
  it('is in the language and theme of its query', async () => {
    const page = await open(`${launchPath()}?locale=de-CH&theme=dark`, 'fr')
    expect(looksOf(page)).toEqual({ lang: 'de', dir: 'ltr', theme: 'dark', scheme: 'dark', varies: false })
    expect(page.text).toContain(`<h1 id="title">${de.opening.title}</h1>`)
  })

  it('is in the browser’s language and the system’s theme when the query says nothing that can be used', async () => {
    const expected = { lang: 'he', dir: 'rtl', theme: undefined, scheme: 'light dark', varies: true }
    for (const query of ['', '?locale=nl', '?locale=de%22%3E&theme=blue', '?theme=%22%20onload=', '?locale='])
      expect(looksOf(await open(launchPath() + query, 'nl, iw;q=0.9, en;q=0.1'))).toEqual(expected)
  })

  it('hands its script the texts of that language, and keeps the script as it is', async () => {
    const [german, english] = [await open(`${launchPath()}?locale=de`), await open(launchPath(), 'en')]
    const scriptOf = ({ text }: Answer): string | undefined => /<script>[^]*<\/script>/.exec(text)?.[0]
    expect(scriptOf(german)).toBe(scriptOf(english))
    expect(german.headers.get('content-security-policy')).toBe(english.headers.get('content-security-policy'))
    expect(german.text).toContain(de.errors.session_required)
    expect(english.text).not.toContain(de.errors.session_required)
  })
})

describe('the done page', () => {
  it('is in the flow’s language and theme, whatever the browser asks for', async () => {
    const { flow } = await ann.connect({ locale: 'ar-EG', theme: 'light' })
    const page = await open(`/flows/${flow.flowId}/done`, 'en')
    expect(looksOf(page)).toEqual({ lang: 'ar', dir: 'rtl', theme: 'light', scheme: 'light', varies: false })
  })

  it('is as the browser and the system have it when the flow says nothing', async () => {
    const { flow } = await ann.connect()
    expect(looksOf(await open(`/flows/${flow.flowId}/done`, 'ja'))).toEqual({
      lang: 'ja',
      dir: 'ltr',
      theme: undefined,
      scheme: 'light dark',
      varies: true,
    })
  })

  it('says nothing of a flow to another browser, not even its language', async () => {
    const { flow } = await ann.connect({ locale: 'ar', theme: 'dark' })
    const page = await stack
      .browser('ann')
      .navigate(`/flows/${flow.flowId}/done`, { 'accept-language': 'de' })
    expect(looksOf(page)).toMatchObject({ lang: 'de', theme: undefined })
    expect(page.text).toContain(de.elsewhere.title)
  })

  it('keeps what a repeated start says otherwise to itself', async () => {
    const { flow } = await ann.connect({ locale: 'de' })
    await ann.startFlow({ flowId: flow.flowId, locale: 'fr', theme: 'dark' })
    expect(looksOf(await open(`/flows/${flow.flowId}/done`))).toMatchObject({ lang: 'de', theme: undefined })
  })
})

describe('a problem page', () => {
  it('is in the browser’s language, where a return led to it and where it stays on its URL', async () => {
    for (const path of ['/problem/return_unknown', '/return?installation_id=abc', '/flows/x/launch']) {
      const answer = await open(path, 'pt-PT')
      const page = answer.status === 303 ? await open(answer.headers.get('location') ?? '', 'pt-PT') : answer
      expect(looksOf(page)).toEqual({
        lang: 'pt-BR',
        dir: 'ltr',
        theme: undefined,
        scheme: 'light dark',
        varies: true,
      })
    }
  })

  it('is one of ours even for a header of nonsense', async () => {
    for (const header of ['"', ';;;', 'de;q=x', 'de;q', ',,,', 'de,'.repeat(1000), '<script>'])
      expect(looksOf(await open('/problem/return_unknown', header)).lang).toMatch(/^(de|en)$/)
  })
})

it('keeps JSON errors in English: developers read them', async () => {
  const { text } = await ann.send('/flows/x', { headers: { 'accept-language': 'de' } })
  expect(text).toContain('There is nothing here.')
})
