// @vitest-environment jsdom
// The account's picture on the card, and GitHub's mark in its place.
import { act, fireEvent } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { connected, notConnected } from './fake-bff.ts'
import { keepTestsApart, show } from './setup.tsx'

keepTestsApart()

const avatarUrl = 'https://app.example.com/connect/github/avatar?v=0123456789ab'
const withPicture = { ...connected, avatarUrl }
const picture = () => document.querySelector('[data-cgh-part=mark] img')
const mark = () => document.querySelector('[data-cgh-part=mark] svg')

describe('the picture', () => {
  it('takes the place of the mark, with a size and without a name of its own', async () => {
    const { reach } = show(withPicture)
    await reach('connected')
    expect(mark()).toBeNull()
    const attributes = ['src', 'alt', 'width'].map((name) => picture()?.getAttribute(name))
    expect(attributes).toEqual([avatarUrl, '', '32'])
    expect(picture()?.closest('[aria-hidden=true]')).not.toBeNull()
  })

  it('is shown to viewers, too, and while the customer is asked whether to disconnect', async () => {
    const { reach, getByRole } = show(withPicture)
    await reach('connected')
    fireEvent.click(getByRole('button', { name: 'Disconnect' }))
    expect(picture()).not.toBeNull()
    document.body.replaceChildren()
    await show({ ...withPicture, canConnect: false }).reach('view_only')
    expect(picture()).not.toBeNull()
  })

  it('gives way to the mark when it cannot be had, also in the next state', async () => {
    const { reach, getByRole } = show(withPicture)
    await reach('connected')
    fireEvent.error(picture() ?? document.body)
    expect(picture()).toBeNull()
    expect(mark()).not.toBeNull()
    fireEvent.click(getByRole('button', { name: 'Disconnect' }))
    expect(picture()).toBeNull()
  })

  it('is not tried again, also not for another account', async () => {
    const { bff, reach } = show(withPicture)
    await reach('connected')
    fireEvent.error(picture() ?? document.body)
    bff.connection = { ...withPicture, avatarUrl: `${avatarUrl}x` }
    await act(async () => void window.dispatchEvent(new Event('focus')))
    await act(async () => {})
    expect(picture()).toBeNull()
    expect(mark()).not.toBeNull()
  })

  it.each([
    ['where there is none', connected],
    // The widget may be newer than its server.
    ['of a server that knows of none', { ...connected, avatarUrl: undefined }],
  ])('is the mark %s', async (_, connection) => {
    // The type is that of this version's server.
    const { reach } = show({ ...connection, avatarUrl: connection.avatarUrl ?? null }, {}, false, (bff) => {
      Object.assign(bff.connection, connection)
    })
    await reach('connected')
    expect(picture()).toBeNull()
    expect(mark()).not.toBeNull()
  })

  it('is the mark before there is a connection', async () => {
    const { reach } = show(notConnected)
    await reach('not_connected')
    expect([picture(), mark() === null]).toEqual([null, false])
  })
})
