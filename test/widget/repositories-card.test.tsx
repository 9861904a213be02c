// @vitest-environment jsdom
// <Repositories/>: the line, the list, its search, and where the focus is.
import { QueryClient } from '@tanstack/react-query'
import { act, fireEvent, render, screen } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Repositories } from '../../widget/repositories.ts'
import { connected, createFakeBff, errorAnswer, json, notConnected, someRepository } from './fake-bff.ts'
import { keepTestsApart } from './setup.tsx'
import { links, NAMES, onOnePage, part, press, said, showCard, type } from './show-card.tsx'
import { pass } from './show-list.tsx'

keepTestsApart()
beforeEach(() => void vi.useFakeTimers())

describe('the line', () => {
  it('says how many there are at least, and in the end how many there are', async () => {
    await showCard()
    expect(said('repositoryCount')).toBe('2+ repositories')
    await press('Show more')
    await press('Show more')
    expect(said('repositoryCount')).toBe('5 repositories')
    expect(part('more')).toBeNull()
  })

  it('says one in the singular', async () => {
    await showCard({}, ['api'])
    expect(said('repositoryCount')).toBe('1 repository')
  })

  it('stands there before the number is known, so that nothing moves', async () => {
    let answer = () => {}
    await showCard({}, NAMES, (bff) =>
      bff.once('GET /repositories', async () => {
        await new Promise<void>((resolve) => void (answer = resolve))
        return json({ items: [], nextCursor: null })
      }),
    )
    expect(said('repositoryCount')).toBe('Repositories')
    answer()
    await pass()
    expect([said('repositoryCount'), said('repositoryNote')]).toEqual([
      'No repositories yet',
      'Choose some on GitHub.',
    ])
  })

  it('is not there while there is no connection', async () => {
    await showCard({}, NAMES, () => {}, notConnected)
    expect(part('repositories')).toBeNull()
  })

  it('is nowhere on the page while there is no connection, inside of a card or not', async () => {
    vi.stubGlobal('fetch', createFakeBff(notConnected).fetch)
    const { container } = render(<Repositories queryClient={new QueryClient()} />)
    await pass()
    expect(container.childElementCount).toBe(0)
  })

  it('tells viewers as well', async () => {
    await showCard({}, NAMES, () => {}, { ...connected, canConnect: false })
    expect(said('repositoryCount')).toBe('2+ repositories')
  })
})

describe('the list', () => {
  it('is closed at first, and opens by the line', async () => {
    await showCard()
    const details = part('repositories')
    expect(details?.hasAttribute('open')).toBe(false)
    fireEvent.click(screen.getByText('2+ repositories'))
    expect(details?.hasAttribute('open')).toBe(true)
  })

  it('opens GitHub in a new tab, and marks what is private', async () => {
    await showCard({}, [], (bff) => {
      const items = [{ ...someRepository('api'), isPrivate: true }, someRepository('docs')]
      bff.once('GET /repositories', () => json({ items, nextCursor: null }))
    })
    const link = screen.getByText('acme-inc/api')
    expect(link.getAttribute('href')).toBe('https://github.com/acme-inc/api')
    expect([link.getAttribute('target'), link.getAttribute('rel'), link.title]).toEqual([
      '_blank',
      'noreferrer',
      'opens in a new window',
    ])
    expect([...document.querySelectorAll('li')].map(({ textContent }) => textContent)).toEqual([
      'acme-inc/apiPrivate',
      'acme-inc/docs',
    ])
  })

  it('shows names as text, whatever they look like', async () => {
    await showCard({}, ['<img src=x onerror=alert(1)>'])
    expect(links()).toEqual(['acme-inc/<img src=x onerror=alert(1)>'])
    expect(document.querySelector('img')).toBeNull()
  })

  it('keeps the focus on the button while there is more, and then gives it to the first that is new', async () => {
    await showCard()
    await press('Show more')
    expect(document.activeElement).toBe(part('more'))
    await press('Show more')
    expect(document.activeElement?.textContent).toBe('acme-inc/web')
  })

  it('takes no focus that nobody lost', async () => {
    const bff = await showCard()
    await press('Show more')
    part('more')?.blur()
    bff.repositories = bff.repositories.slice(0, 1)
    await pass(31_000)
    act(() => void window.dispatchEvent(new Event('visibilitychange')))
    await pass()
    await pass()
    expect(part('more')).toBeNull()
    expect(document.activeElement).toBe(document.body)
  })

  it('tells in words why it could not be loaded, and tries again', async () => {
    await showCard({}, NAMES, (bff) => bff.once('GET /repositories', () => errorAnswer(429, 'rate_limited')))
    expect(said('repositoryCount')).toBe('Repositories could not be loaded')
    expect(said('repositoryNote')).toBe('Too many tries. Please try again in a moment.')
    await press('Try again')
    expect(said('repositoryCount')).toBe('2+ repositories')
    expect(said('repositoryNote')).toBe('')
    expect(document.activeElement).not.toBe(document.body)
  })

  it('keeps what is loaded when the next page fails', async () => {
    const bff = await showCard()
    bff.once('GET /repositories', () => errorAnswer(503, 'upstream_unavailable'))
    await press('Show more')
    expect(links()).toHaveLength(2)
    expect(said('repositoryNote')).toContain('Something went wrong')
    await press('Try again')
    expect(links()).toHaveLength(4)
    expect(said('repositoryNote')).toBe('')
  })
})

describe('the search', () => {
  const many = Array.from({ length: 9 }, (_, index) => `repository-${index}`)

  it('is there for a list that is long, or longer than what is loaded', async () => {
    await showCard()
    expect(part('repositorySearch')).not.toBeNull()
  })

  it('is there for one long page', async () => {
    await showCard({}, many, onOnePage(many))
    expect(part('repositorySearch')).not.toBeNull()
  })

  it('is left away where a glance is enough', async () => {
    await showCard({}, ['api', 'docs'])
    expect(part('repositorySearch')).toBeNull()
  })

  it('finds by name, says how many, and leaves the line as it is', async () => {
    await showCard()
    await type('inf')
    expect(links()).toEqual(['acme-inc/infra'])
    expect(said('repositoryNote')).toBe('1 repository')
    expect(said('repositoryCount')).toBe('2+ repositories')
    await type('nothing')
    expect(links()).toEqual([])
    expect(said('repositoryNote')).toBe('None has such a name.')
    await type('')
    expect(links()).toHaveLength(2)
    expect(said('repositoryNote')).toBe('')
  })

  it('says that it is under way, in a region that is read out', async () => {
    await showCard()
    fireEvent.change(screen.getByRole('searchbox', { hidden: true }), { target: { value: 'inf' } })
    expect(part('repositoryNote')?.getAttribute('role')).toBe('status')
    expect(said('repositoryNote')).toBe('Loading…')
    expect(part('repositoryList')?.getAttribute('aria-busy')).toBe('true')
    await pass(300)
    await pass()
    expect(part('repositoryList')?.getAttribute('aria-busy')).toBe('false')
  })

  it('does not send a form of the host’s', async () => {
    await showCard()
    const box = screen.getByRole('searchbox', { hidden: true })
    expect(fireEvent.keyDown(box, { key: 'Enter' })).toBe(false)
    expect(fireEvent.keyDown(box, { key: 'a' })).toBe(true)
  })

  it('is forgotten with the account it was for', async () => {
    const bff = await showCard()
    await type('inf')
    bff.connection = { ...connected, account: { login: 'other-inc', type: 'Organization' } }
    act(() => void window.dispatchEvent(new Event('focus')))
    await pass()
    await pass()
    expect(part('repositorySearch')).toHaveProperty('value', '')
  })
})
