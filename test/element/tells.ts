// What the element tells its page: the events, and the state that can be read.
import { describe, expect, it } from 'vitest'
import { acme, errorAnswer, notConnected, someFlow } from '../widget/fake-bff.ts'
import { connect, createPage, EVENTS, place, reach, settle } from './setup.ts'

export function testEvents(): void {
  describe('its events', () => {
    it('tell of a flow that ends connected, once each, with the state in between', async () => {
      const { bff, create, told, tellings } = createPage()
      const element = place(create())
      await connect(element)
      const flowId = [...bff.flows.keys()][0]
      bff.move({ status: 'returned' })
      await reach(element, 'finishing')
      bff.move({ status: 'connected', account: acme })
      await reach(element, 'connected')
      await settle()
      expect(tellings('connectload')).toHaveLength(1)
      expect(tellings('connectsuccess').map(({ detail }) => detail)).toEqual([
        { connection: expect.objectContaining({ account: acme }), meta: { flowId, status: 'connected' } },
      ])
      expect(tellings('connectexit')).toEqual([])
      const steps = tellings('connectevent').map(({ detail }) => detail)
      expect(steps[0]).toEqual({ type: 'click', flowId, at: expect.any(Number) })
      expect(steps.map((step) => Reflect.get(Object(step), 'type'))).toContain('connected')
      const states = tellings('connectstatechange').map(
        ({ detail }) => Reflect.get(Object(detail), 'state').status,
      )
      expect(states.filter((status, at) => status !== states[at - 1])).toEqual([
        'loading',
        'not_connected',
        'opening',
        'waiting',
        'finishing',
        'connected',
      ])
      expect(told.every(({ target }) => target === element)).toBe(true)
    })

    it('tell of one that fails: the error, then the exit', async () => {
      const { bff, create, told } = createPage()
      const element = place(create())
      await connect(element)
      bff.move({ status: 'conflict', error: 'installation_in_use' })
      await reach(element, 'conflict')
      await settle()
      const ends = told.filter(({ type }) => /error|exit/.test(type))
      expect(ends.map(({ type }) => type)).toEqual(['connecterror', 'connectexit'])
      expect(ends[1]?.detail).toMatchObject({
        error: { code: 'installation_in_use' },
        meta: { status: 'conflict' },
      })
    })

    it('tell of a server that cannot be loaded from', async () => {
      const { bff, create, tellings } = createPage()
      bff.once('GET /connection', () => errorAnswer(500, 'internal'))
      const element = place(create())
      await reach(element, 'failed')
      await expect
        .poll(() => tellings('connecterror'))
        .toMatchObject([{ detail: { error: { code: 'internal' } } }])
    })

    it('bubble, leave shadow trees, cannot be cancelled, and have no name of the browser’s own', async () => {
      const { create } = createPage()
      const shadow = document.body.appendChild(document.createElement('div')).attachShadow({ mode: 'open' })
      const events: Event[] = []
      document.addEventListener('connectload', (event) => events.push(event), { once: true })
      shadow.append(create())
      await expect.poll(() => events.length).toBe(1)
      expect(events[0]).toMatchObject({ bubbles: true, composed: true, cancelable: false })
      for (const name of EVENTS) expect(`on${name}` in window, name).toBe(false)
    })
  })

  describe('the state', () => {
    it('carries the actions that are legal in it', async () => {
      const { bff, create } = createPage({ ...notConnected, flow: someFlow() })
      bff.flows.set(someFlow().flowId, someFlow())
      const element = place(create())
      await reach(element, 'waiting')
      if (element.state.status !== 'waiting') throw new Error('unreachable')
      element.state.cancel()
      await expect.poll(() => bff.count('POST /flows/:id/cancel')).toBe(1)
    })

    it('is the one that the event tells of, and fresh at each render', async () => {
      const { create } = createPage()
      const element = create()
      const states: unknown[] = []
      element.addEventListener('connectstatechange', ({ detail }) =>
        states.push(detail.state === element.state && detail.state.status),
      )
      place(element)
      await reach(element, 'not_connected')
      expect(states).toEqual(['loading', 'not_connected'])
    })
  })
}
