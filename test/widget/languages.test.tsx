// @vitest-environment jsdom
// Which language and theme the card, the errors and the BFF's own pages have.
import { fireEvent, renderHook, screen } from '@testing-library/react'
import { QueryClient } from '@tanstack/react-query'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { english } from '../../widget/messages.ts'
import type { Language } from '../../widget/messages.ts'
import { useConnectGitHub } from '../../widget/useConnectGitHub.ts'
import { useRepositories } from '../../widget/useRepositories.ts'
import { connected, createFakeBff, errorAnswer, notConnected } from './fake-bff.ts'
import { keepTestsApart, show } from './setup.tsx'

keepTestsApart()
afterEach(() => document.documentElement.removeAttribute('lang'))

/** As a file of a language would be, with three texts that differ. */
const pirate: Language = {
  tag: 'de-AT',
  dir: 'rtl',
  messages: {
    ...english,
    connect: 'Aye, GitHub',
    connectedTo: 'Moored at {account}',
    internal: { title: 'A hole in the hull', next: 'Pump.' },
  },
}

describe('a language', () => {
  it('gives texts, dates, direction and tag', async () => {
    const { card, reach } = show(connected, { locale: pirate })
    await reach('connected')
    expect(card().textContent).toContain('Moored at acme-inc')
    expect(card().textContent).toContain('4. März 2026')
    expect([card().lang, card().dir]).toEqual(['de-AT', 'rtl'])
  })

  it('given as a tag alone leaves the direction to the page', async () => {
    const { card, reach } = show(notConnected, { locale: 'he' })
    await reach('not_connected')
    expect(card().hasAttribute('dir')).toBe(false)
  })

  it('lies under the messages of the host page', async () => {
    const messages = { internal: { title: 'Leck' } }
    const { card, reach } = show(notConnected, { locale: pirate, messages }, false, (bff) =>
      bff.once('GET /connection', () => errorAnswer(500, 'internal')),
    )
    await reach('failed')
    expect(card().textContent).toContain('Leck')
    expect(card().textContent).toContain('Pump.')
  })

  it('is that of the errors which both hooks and the callbacks hand out', async () => {
    const bff = createFakeBff()
    bff.once('GET /connection', () => errorAnswer(500, 'internal'))
    vi.stubGlobal('fetch', bff.fetch)
    const options = { queryClient: new QueryClient(), locale: pirate }
    const onError = vi.fn()
    const displayMessage = 'A hole in the hull. Pump.'
    const { result } = renderHook(() => [useConnectGitHub({ ...options, onError }), useRepositories(options)])
    await vi.waitFor(() => expect(onError).toHaveBeenCalledWith(expect.objectContaining({ displayMessage })))
    expect(result.current).toMatchObject([{ trouble: { displayMessage } }, { error: { displayMessage } }])
  })
})

describe('the BFF’s own pages', () => {
  async function startWith(props: Parameters<typeof show>[1]) {
    const { bff, open, reach } = show(notConnected, props)
    await reach('not_connected')
    fireEvent.click(screen.getByRole('button'))
    await reach('waiting')
    const { locale, theme, flowId } = bff.requests.find(({ path }) => path === '/flows')?.body ?? {}
    const [url = ''] = open.mock.calls[0] ?? []
    const { pathname, search } = new URL(url, location.href)
    expect(pathname).toBe(`/connect/github/flows/${flowId}/launch`)
    return { body: { locale, theme }, search }
  }

  it.each([
    ['the tag of a language', { locale: pirate }, 'de-AT'],
    ['a tag', { locale: 'pt-BR' }, 'pt-BR'],
    ['what the page says of itself, where no prop does', {}, 'fr'],
  ])('are asked for in %s', async (_, props, locale) => {
    document.documentElement.lang = 'fr'
    expect(await startWith(props)).toEqual({
      body: { locale, theme: undefined },
      search: `?locale=${locale}`,
    })
  })

  it.each(['', 'en_US', 'de DE', `de-${'abcdefgh-'.repeat(4)}ab`])(
    'are asked for in no language that the server would refuse: %j',
    async (lang) => {
      document.documentElement.lang = lang
      expect(await startWith({})).toEqual({ body: { locale: undefined, theme: undefined }, search: '' })
    },
  )

  it('are asked for in the theme of the card, unless that follows the system', async () => {
    const dark = await startWith({ appearance: { theme: 'dark' } })
    expect(dark).toEqual({ body: { locale: undefined, theme: 'dark' }, search: '?theme=dark' })
  })

  it('follow the system where the card does', async () => {
    const auto = await startWith({ appearance: { theme: 'auto' } })
    expect(auto).toEqual({ body: { locale: undefined, theme: undefined }, search: '' })
  })
})
