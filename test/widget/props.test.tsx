// @vitest-environment jsdom
import { render, screen } from '@testing-library/react'
import { QueryClient } from '@tanstack/react-query'
import { describe, expect, it, vi } from 'vitest'
import { ConnectGitHub } from '../../widget/ConnectGitHub.tsx'
import { checkOptions } from '../../widget/options.ts'
import { connected, createFakeBff, notConnected } from './fake-bff.ts'
import { keepTestsApart, show } from './setup.tsx'

keepTestsApart()

describe('props', () => {
  it.each([
    [{ onSuccess: 'yes' }, 'ConnectGitHub: "onSuccess" must be function, not string.'],
    [{ mode: 'window' }, 'ConnectGitHub: "mode" must be auto, popup or redirect, not window.'],
    [{ token: null }, 'ConnectGitHub: "token" must be string or function, not null.'],
    [{ baseURL: 3 }, 'ConnectGitHub: "baseURL" must be string, not number.'],
    [{ locale: 'pt_BR' }, 'ConnectGitHub: "locale" must be a BCP 47 tag like pt-BR, not "pt_BR".'],
    [{ locale: 3 }, 'ConnectGitHub: "locale" must be string or object, not number.'],
    [{ theme: 'grey' }, 'ConnectGitHub: "theme" must be auto, light or dark, not grey.'],
    [{ search: 3 }, 'ConnectGitHub: "search" must be string, not number.'],
    [{ enabled: 'no' }, 'ConnectGitHub: "enabled" must be boolean, not string.'],
  ])('of a wrong kind throw a sentence: %o', (props, sentence) => {
    expect(() => checkOptions(props)).toThrow(new TypeError(sentence))
  })

  it('that are unknown or undefined are left alone', () => {
    expect(() => checkOptions({ constructor: 1, mode: undefined, locale: 'zh-Hans' })).not.toThrow()
  })

  it('baseURL moves every request, with or without a slash at the end', async () => {
    const { bff } = show(notConnected, { baseURL: 'https://api.example.com/x/connect/github/' })
    await vi.waitFor(() => expect(bff.requests[0]?.path).toBe('/x/connection'))
  })

  it('children label the button, className and unstyled reach the root', async () => {
    const { card, reach } = show(notConnected, { children: 'Link it', className: 'mine', unstyled: true })
    await reach('not_connected')
    expect(screen.getByRole('button', { name: 'Link it' }).className).toBe('')
    expect(card().className).toBe('mine')
  })

  it('appearance sets the theme and the variables, and takes them back', async () => {
    const { card, rerender, element, reach } = show(notConnected, {
      appearance: { theme: 'dark', variables: { accent: 'rebeccapurple' } },
    })
    await reach('not_connected')
    expect(card().dataset['cghTheme']).toBe('dark')
    expect(card().style.getPropertyValue('--cgh-accent')).toBe('rebeccapurple')
    rerender(element({ appearance: undefined }))
    expect(card().style.getPropertyValue('--cgh-accent')).toBe('')
  })

  it('locale decides how dates read', async () => {
    const { card, reach } = show(connected, { locale: 'de' })
    await reach('connected')
    expect(card().textContent).toContain('4. März 2026')
    expect(card().lang).toBe('de')
  })

  it('messages replace single texts at any depth and leave the others', async () => {
    const { card, reach } = show(notConnected, { messages: { notConnected: { title: 'Verbinde GitHub' } } })
    await reach('not_connected')
    expect(card().textContent).toContain('Verbinde GitHub')
    expect(card().textContent).toContain('You choose which')
  })
})

it('needs no client and no provider, and shares its own client among instances', async () => {
  const bff = createFakeBff()
  vi.stubGlobal('fetch', bff.fetch)
  render(
    <>
      <ConnectGitHub />
      <ConnectGitHub />
    </>,
  )
  await vi.waitFor(() => expect(screen.getAllByRole('button', { name: 'Connect GitHub' })).toHaveLength(2))
  expect(bff.count('GET /connection')).toBe(1)
})

it('behaves the same with a host client of other defaults', async () => {
  const bff = createFakeBff(connected)
  vi.stubGlobal('fetch', bff.fetch)
  const client = new QueryClient({
    defaultOptions: {
      queries: { enabled: false, retry: 5, staleTime: Infinity, throwOnError: true, networkMode: 'online' },
    },
  })
  render(<ConnectGitHub queryClient={client} />)
  expect(await screen.findByText('acme-inc')).toBeTruthy()
})
