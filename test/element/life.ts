// The element's life on a page: there before its class, moved, taken out, copied, several of them, and what it tells.
import { describe, expect, it } from 'vitest'
import type { ConnectGitHubElement } from '../../widget/element/index.ts'
import { acme, connected, errorAnswer, notConnected, someFlow } from '../widget/fake-bff.ts'
import { buttonOf, cardOf, createPage, EVENTS, loadElement, reach, settle } from './setup.ts'

const place = (element: ConnectGitHubElement) => {
  document.body.append(element)
  return element
}

/** Presses Connect and waits until GitHub is open. */
async function connect(element: ConnectGitHubElement) {
  await reach(element, 'not_connected')
  buttonOf(element, 'Connect GitHub').click()
  await reach(element, 'waiting')
}

/** Has to be the first that loads the script. */
export function testUpgrade(): void {
  describe('an element that was there before its class', () => {
    it('keeps what was written into it until then, and takes over what was set', async () => {
      const { bff, baseURL } = createPage()
      bff.token = 'abc'
      document.body.innerHTML = `<connect-github base-url="${baseURL}" label="Link it"><a href="/x">Connect</a></connect-github>`
      const element = document.querySelector('connect-github')
      if (!element) throw new Error('unreachable')
      Object.assign(element, {
        token: 'abc',
        theme: 'dark',
        messages: { label: 'Code host' },
        disabled: true,
      })
      expect(element.textContent).toBe('Connect')
      loadElement()
      await reach(element, 'not_connected')
      expect(element.querySelector('a')).toBeNull()
      expect(cardOf(element).ariaLabel).toBe('Code host')
      expect(cardOf(element).dataset['cghTheme']).toBe('dark')
      expect(buttonOf(element, 'Link it').ariaDisabled).toBe('true')
      expect(
        ['token', 'theme', 'messages', 'disabled'].filter((name) => Object.hasOwn(element, name)),
      ).toEqual([])
      expect(element.getAttribute('theme')).toBe('dark')
      expect(element.outerHTML).not.toContain('abc')
    })

    it('takes no harm from a second copy of the script', () => {
      const first = customElements.get('connect-github')
      loadElement()
      expect(customElements.get('connect-github')).toBe(first)
    })
  })
}

export function testLife(): void {
  describe('an element on the page', () => {
    it('is moved without losing its state, its flow or a request', async () => {
      const { bff, create, tellings } = createPage()
      const element = place(create())
      await connect(element)
      const card = cardOf(element)
      const asked = bff.count('GET /connection')
      const elsewhere = document.body.appendChild(document.createElement('main'))
      elsewhere.append(element)
      await settle()
      expect(cardOf(element)).toBe(card)
      expect(element.state.status).toBe('waiting')
      expect(bff.count('GET /connection')).toBe(asked)
      bff.move({ status: 'connected', account: acme })
      await reach(element, 'connected')
      expect(tellings('connectsuccess')).toHaveLength(1)
    })

    it('leaves nothing when it is taken out, and goes on when it comes back', async () => {
      const { bff, create, tellings } = createPage()
      const element = place(create())
      await connect(element)
      element.remove()
      await settle()
      expect(element.childNodes).toHaveLength(0)
      expect(element.state.status).toBe('loading')
      bff.move({ status: 'connected', account: acme })
      await settle()
      expect(tellings('connectsuccess')).toHaveLength(0)
      place(element)
      await reach(element, 'connected')
      await expect.poll(() => tellings('connectsuccess').length).toBe(1)
    })

    it('works as a copy of one that is drawn', async () => {
      const { create } = createPage()
      const element = place(create())
      await reach(element, 'not_connected')
      const copies = document.body.appendChild(document.createElement('div'))
      copies.innerHTML = element.outerHTML
      copies.append(element.cloneNode(true))
      const found = [...copies.querySelectorAll('connect-github')]
      expect(found).toHaveLength(2)
      for (const copy of found) {
        await reach(copy, 'not_connected')
        expect(copy.querySelectorAll('[data-cgh-state]')).toHaveLength(1)
      }
      buttonOf(copies, 'Connect GitHub').click()
      await Promise.all(found.map((copy) => reach(copy, 'waiting')))
    })

    it('shares what it knows with the others, and alone tells of its flow', async () => {
      const { bff, create, told } = createPage()
      const [one, other] = [place(create()), place(create())]
      await reach(other, 'not_connected')
      expect(bff.count('GET /connection')).toBe(1)
      await connect(one)
      await reach(other, 'waiting')
      bff.move({ status: 'connected', account: acme })
      await reach(other, 'connected')
      await reach(one, 'connected')
      const flow = told.filter(({ type }) => type === 'connectsuccess' || type === 'connectevent')
      expect(flow.length).toBeGreaterThan(2)
      expect(new Set(flow.map(({ target }) => target))).toEqual(new Set([one]))
    })

    it('is drawn without a style attribute, a style element or a script', async () => {
      const element = place(createPage(connected).create())
      await reach(element, 'connected')
      expect(element.querySelectorAll('[style]:not([style=""]), style, script, [onclick]')).toHaveLength(0)
      expect(document.querySelectorAll('style, link, head script')).toHaveLength(0)
    })

    it('keeps the keyboard on the card when the focused button goes', async () => {
      const { bff, create } = createPage()
      const element = place(create())
      await connect(element)
      buttonOf(element, 'Open GitHub again').focus()
      bff.move({ status: 'connected', account: acme })
      await reach(element, 'connected')
      await settle()
      expect(element.contains(document.activeElement)).toBe(true)
    })

    it('announces each change once, in one live region', async () => {
      const { bff, create } = createPage()
      const element = place(create())
      await reach(element, 'not_connected')
      const region = element.querySelector('output')
      const spoken: string[] = []
      new MutationObserver(() => region?.textContent && spoken.push(region.textContent)).observe(element, {
        childList: true,
        characterData: true,
        subtree: true,
      })
      await connect(element)
      bff.move({ status: 'connected', account: acme })
      await reach(element, 'connected')
      await settle()
      expect(element.querySelectorAll('output, [role=status], [aria-live]')).toHaveLength(1)
      expect(element.querySelector('output')).toBe(region)
      expect(region?.textContent).toMatch(/^Connected to/)
      expect(new Set(spoken).size).toBeGreaterThan(1)
    })
  })

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
      expect(tellings('connecterror').map(({ detail }) => detail)).toMatchObject([
        { error: { code: 'internal' } },
      ])
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
