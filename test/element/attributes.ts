// What <connect-github> takes from its attributes and properties, before and after it is on the page.
import { describe, expect, it, vi } from 'vitest'
import { english } from '../../widget/messages.ts'
import type { Language } from '../../widget/messages.ts'
import { connected, errorAnswer, notConnected } from '../widget/fake-bff.ts'
import { buttonOf, cardOf, catchReports, createPage, reach, settle } from './setup.ts'

export function testAttributes(): void {
  describe('attributes', () => {
    it('say where the BFF is', async () => {
      const { bff, create } = createPage()
      const element = create({ 'base-url': 'https://other.example/x/connect/github/' })
      document.body.append(element)
      await expect.poll(() => bff.requests[0]?.path).toBe('/x/connection')
    })

    it('label the button, set theme and layout, and leave the styles away', async () => {
      const { create } = createPage()
      const element = create({ label: 'Link it', theme: 'dark', layout: 'compact' })
      document.body.append(element)
      await reach(element, 'not_connected')
      buttonOf(element, 'Link it')
      expect(cardOf(element).dataset).toMatchObject({ cghTheme: 'dark', cghLayout: 'compact' })
      element.setAttribute('unstyled', '')
      await settle()
      expect(cardOf(element).dataset['cghLayout']).toBeUndefined()
    })

    it('are followed when they change, and mean their default when they go or are empty', async () => {
      const { create } = createPage()
      const element = create({ label: 'Link it', theme: 'dark' })
      document.body.append(element)
      await reach(element, 'not_connected')
      element.setAttribute('label', '')
      element.removeAttribute('theme')
      element.toggleAttribute('disabled', true)
      await settle()
      expect(cardOf(element).dataset['cghTheme']).not.toBe('dark')
      expect(buttonOf(element, 'Connect GitHub').ariaDisabled).toBe('true')
      element.toggleAttribute('disabled', false)
      await settle()
      expect(buttonOf(element, 'Connect GitHub').ariaDisabled).not.toBe('true')
    })

    it('decide how GitHub is reached and where the tab comes back to', async () => {
      const { bff, open, create } = createPage()
      const element = create({ mode: 'popup', 'return-to': '/settings' })
      document.body.append(element)
      await reach(element, 'not_connected')
      buttonOf(element, 'Connect GitHub').click()
      await reach(element, 'waiting')
      expect(open).toHaveBeenCalledOnce()
      expect(bff.requests.find(({ method }) => method === 'POST')?.body).toMatchObject({
        mode: 'popup',
        returnTo: '/settings',
      })
    })

    it.each([
      ['mode', 'window', 'auto, popup, redirect'],
      ['theme', 'blue', 'auto, light, dark'],
      ['layout', 'row', 'card, compact'],
      ['locale', 'de_DE!', 'a BCP 47 language tag'],
    ])('of a wrong value are reported and mean their default: %s="%s"', async (name, value, allowed) => {
      const { create } = createPage(connected)
      const { reports, stop } = catchReports()
      const element = create({ [name]: value })
      stop()
      expect(reports).toEqual([
        new TypeError(`<connect-github>: "${name}" must be ${allowed}, not "${value}".`),
      ])
      document.body.append(element)
      await reach(element, 'connected')
    })
  })

  describe('properties', () => {
    it.each([
      ['baseURL', 'base-url', '/x'],
      ['returnTo', 'return-to', '/y'],
      ['label', 'label', 'Link it'],
      ['mode', 'mode', 'popup'],
      ['theme', 'theme', 'light'],
      ['layout', 'layout', 'compact'],
      ['locale', 'locale', 'de'],
    ])('mirror the attributes: %s is %s', (property, attribute, value) => {
      const element = document.createElement('connect-github')
      expect(Reflect.get(element, property)).toBeNull()
      Reflect.set(element, property, value)
      expect(element.getAttribute(attribute)).toBe(value)
      element.removeAttribute(attribute)
      expect(Reflect.get(element, property)).toBeNull()
      element.setAttribute(attribute, value)
      expect(Reflect.get(element, property)).toBe(value)
      Reflect.set(element, property, undefined)
      expect(element.hasAttribute(attribute)).toBe(false)
    })

    it.each(['disabled', 'unstyled'] as const)('mirror what is there or not: %s', (name) => {
      const element = document.createElement('connect-github')
      expect(element[name]).toBe(false)
      element[name] = true
      expect(element.getAttribute(name)).toBe('')
      element[name] = false
      expect(element.hasAttribute(name)).toBe(false)
    })

    it.each([
      ['mode', 'window', '"mode" must be auto, popup, redirect, not "window".'],
      ['token', 7, '"token" must be string or function, not number.'],
      ['messages', 'Hello', '"messages" must be object, not string.'],
      ['appearance', 'dark', '"appearance" must be object, not string.'],
      ['locale', 7, '"locale" must be string or object, not number.'],
    ])('throw when they are set to something else: %s', (name, value, sentence) => {
      const element = document.createElement('connect-github')
      const set = () => Object.assign(element, { [name]: value })
      expect(set).toThrow(new TypeError(`<connect-github>: ${sentence}`))
    })

    it('carry texts and looks, and take them back', async () => {
      const { create } = createPage()
      const element = create()
      document.body.append(element)
      element.messages = { connect: 'Los' }
      element.appearance = { theme: 'light', variables: { accent: 'rebeccapurple' } }
      await reach(element, 'not_connected')
      buttonOf(element, 'Los')
      expect(cardOf(element).style.getPropertyValue('--cgh-accent')).toBe('rebeccapurple')
      expect(cardOf(element).dataset['cghTheme']).toBe('light')
      element.theme = 'dark'
      element.messages = null
      element.appearance = undefined
      await settle()
      buttonOf(element, 'Connect GitHub')
      expect(cardOf(element).style.getPropertyValue('--cgh-accent')).toBe('')
      expect(cardOf(element).dataset['cghTheme']).toBe('dark')
    })

    it('that are objects are in no attribute', () => {
      const element = document.createElement('connect-github')
      element.token = 'secret'
      element.messages = { connect: 'Los' }
      element.appearance = {}
      expect(element.outerHTML).toBe('<connect-github></connect-github>')
      expect(element.token).toBe('secret')
    })
  })

  describe('the token', () => {
    it('goes with the first request when it is set in the same task', async () => {
      const { bff, create } = createPage()
      const element = create()
      document.body.append(element)
      element.token = () => 'abc'
      await reach(element, 'not_connected')
      expect(bff.requests.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer abc'])
    })

    it('is used at once when it comes after a refusal', async () => {
      const { bff, create } = createPage()
      bff.token = 'abc'
      const element = create()
      document.body.append(element)
      await reach(element, 'session_required')
      element.token = async () => 'abc'
      await reach(element, 'not_connected')
      expect(bff.requests.at(-1)?.headers.get('authorization')).toBe('Bearer abc')
    })

    it('is not asked for in a row while it is refused', async () => {
      const { bff, create } = createPage()
      bff.once(
        'GET /connection',
        ...Array.from({ length: 9 }, () => () => errorAnswer(401, 'session_required')),
      )
      const element = create()
      const token = vi.fn(() => 'abc')
      element.token = token
      document.body.append(element)
      await reach(element, 'session_required')
      await settle()
      expect(token).toHaveBeenCalledTimes(2)
    })
  })

  describe('the language', () => {
    const speak = (tag: string, connect: string, dir: Language['dir'] = 'ltr'): Language => ({
      tag,
      dir,
      messages: { ...english, connect },
    })
    const german = speak('de', 'GitHub verbinden')
    const brazilian = speak('pt-BR', 'Conectar o GitHub')
    const arabic = speak('ar', 'ربط GitHub', 'rtl')

    async function show(attributes: Readonly<Record<string, string>>) {
      const element = createPage(notConnected).create(attributes)
      document.body.append(element)
      await reach(element, 'not_connected')
      return element
    }

    it('comes with its texts as a property, and wins over the attribute', async () => {
      const element = await show({ locale: 'de' })
      element.locale = arabic
      await settle()
      buttonOf(element, 'ربط GitHub')
      expect(cardOf(element).lang).toBe('ar')
      expect(cardOf(element).dir).toBe('rtl')
      expect(element.locale).toBe(arabic)
      element.locale = null
      await settle()
      buttonOf(element, 'Connect GitHub')
      expect(element.locale).toBeNull()
    })

    it.each([
      ['de', 'GitHub verbinden'],
      ['DE-at', 'GitHub verbinden'],
      ['pt', 'Conectar o GitHub'],
      ['fr', 'Connect GitHub'],
    ])('is picked by the attribute among the scripts of the page: %s', async (locale, label) => {
      window.ConnectGitHub = { languages: { de: german, 'pt-BR': brazilian } }
      expect(buttonOf(await show({ locale }), label)).toBeTruthy()
    })

    it('is that of the page where its script is there, and the attribute says nothing else', async () => {
      window.ConnectGitHub = { languages: { de: german } }
      document.documentElement.lang = 'de-CH'
      expect(buttonOf(await show({}), 'GitHub verbinden')).toBeTruthy()
      expect(buttonOf(await show({ locale: 'en' }), 'Connect GitHub')).toBeTruthy()
      document.documentElement.lang = 'fr'
      expect(buttonOf(await show({}), 'Connect GitHub')).toBeTruthy()
    })
  })
}
