// @vitest-environment jsdom
// Presses and the keyboard across a change of state: a press begun on one action never ends on another, and focus stays.
import { act, fireEvent, screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { acme, connected, notConnected, someFlow } from './fake-bff.ts'
import { keepTestsApart, show } from './setup.tsx'

keepTestsApart()

const button = (name: string) => screen.getByRole('button', { name })
const press = (name: string) => fireEvent.click(button(name))
const first = () => document.querySelector('[data-cgh-part=actions] > *')

async function waiting() {
  const view = show()
  await view.reach('not_connected')
  press('Connect GitHub')
  await view.reach('waiting')
  return view
}

describe('a press begun on a button that disappears', () => {
  it('ends on no other action at the same place', async () => {
    const { bff, reach } = await waiting()
    const openAgain = first()
    act(() => bff.move({ status: 'connected', account: acme }))
    await reach('connected')
    expect(first()?.textContent).toBe('Manage on GitHub')
    expect(first()).not.toBe(openAgain)
    expect(openAgain?.isConnected).toBe(false)
  })

  it('does not confirm what it was to ask for', async () => {
    const { bff, reach } = show(connected)
    await reach('connected')
    const asks = button('Disconnect')
    fireEvent.click(asks)
    const confirms = button('Disconnect')
    expect(confirms).not.toBe(asks)
    expect(asks.isConnected).toBe(false)
    fireEvent.click(asks)
    expect(bff.count('DELETE /connection')).toBe(0)
  })
})

describe('the keyboard', () => {
  it('stays on an action that the next state has as well', async () => {
    const { bff, reach } = await waiting()
    const cancel = button('Cancel')
    cancel.focus()
    act(() => bff.move({ status: 'authorizing' }))
    await reach('authorizing')
    expect(button('Cancel')).not.toBe(cancel)
    expect(document.activeElement).toBe(button('Cancel'))
  })

  it('stays on the button while it opens GitHub', async () => {
    const { bff, reach } = show()
    bff.once('POST /flows', () => new Promise(() => {}))
    await reach('not_connected')
    const connect = button('Connect GitHub')
    connect.focus()
    fireEvent.click(connect)
    await reach('opening')
    expect(document.activeElement).toBe(button('Connect GitHub'))
  })

  it('goes to the main action of the next state, or to the heading where there is none', async () => {
    const { bff, card, reach } = await waiting()
    button('Open GitHub again').focus()
    act(() => bff.move({ status: 'binding' }))
    await reach('finishing')
    expect(document.activeElement).toBe(card().querySelector('strong'))
    act(() => bff.move({ status: 'connected', account: acme }))
    await reach('connected')
    expect(document.activeElement).toBe(card().querySelector('strong'))
  })

  it('is not taken from elsewhere on the page', async () => {
    const elsewhere = document.body.appendChild(document.createElement('input'))
    const { bff, reach } = show({ ...notConnected, flow: someFlow() })
    bff.flows.set(someFlow().flowId, someFlow())
    await reach('waiting')
    elsewhere.focus()
    act(() => bff.move({ status: 'connected', account: acme }))
    await reach('connected')
    expect(document.activeElement).toBe(elsewhere)
    elsewhere.remove()
  })
})
