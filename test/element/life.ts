// The element's life on a page: there before its class, moved, taken out, copied, and beside others.
import { describe, expect, it } from 'vitest'
import { acme, connected } from '../widget/fake-bff.ts'
import {
  buttonOf,
  cardOf,
  catchReports,
  connect,
  createPage,
  loadElement,
  place,
  reach,
  settle,
} from './setup.ts'

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

    it('is told of a wrong value that was set before, and takes over the others', async () => {
      const { create } = createPage()
      const element = create()
      const { reports, stop } = catchReports()
      // What a page does before the script has run: the accessors are hidden by properties of the element's own.
      for (const [name, value] of Object.entries({ mode: 'window', label: 'Link it' }))
        Object.defineProperty(element, name, { value, configurable: true, enumerable: true })
      place(element)
      stop()
      await reach(element, 'not_connected')
      expect(reports).toEqual([expect.any(TypeError)])
      expect(buttonOf(element, 'Link it')).toBeTruthy()
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
}
