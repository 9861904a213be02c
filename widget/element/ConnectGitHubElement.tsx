// <connect-github>: the card and its state for pages without React, in light DOM so that the page's font and styles reach it.
import { createRoot } from 'react-dom/client'
import type { Root } from 'react-dom/client'
import type { Appearance, ConnectGitHubProps } from '../ConnectGitHub.tsx'
import type { Language, MessageOverrides } from '../messages.ts'
import type { TokenSource } from '../token.ts'
import type { ConnectGitHubState } from '../useConnectGitHub.ts'
import { ConnectedCard } from './ConnectedCard.tsx'
import { tell } from './events.ts'
import { findLanguage } from './language.ts'
import {
  ATTRIBUTES,
  FLAGS,
  TEXTS,
  checkAttribute,
  checkValue,
  findChoice,
  isLanguageTag,
} from './properties.ts'

type Maybe<T> = T | null | undefined

const LOADING: ConnectGitHubState = {
  status: 'loading',
  trouble: null,
  busy: false,
  slow: false,
  checkAgain() {},
}

/** A server renderer may load this module, although nothing of it is of use there. */
const Base = globalThis.HTMLElement ?? Object

/**
 * Attributes are `base-url`, `return-to`, `label`, `mode`, `theme`, `layout`, `locale`, `disabled` and `unstyled`, with
 * properties that mirror them; a removed or empty one means its default. A property that is set to a wrong value throws
 * a TypeError; a wrong attribute is reported as one, as an uncaught error, and means its default.
 */
export class ConnectGitHubElement extends Base {
  static readonly observedAttributes = ATTRIBUTES

  /** Where the BFF is mounted: a path or an absolute URL. Default `/connect/github`. */
  declare baseURL: string | null
  /** Where the tab goes after a redirect: a path or URL of this page's origin. Default: this page without its hash. */
  declare returnTo: string | null
  /** The label of the connect button. Default: `messages.connect`. */
  declare label: string | null
  /** `popup` opens a window, `redirect` uses the tab, `auto` (default) redirects on phones. */
  declare mode: 'auto' | 'popup' | 'redirect' | null
  /** `auto` (default) follows the page. */
  declare theme: 'auto' | 'light' | 'dark' | null
  /** `card` (default), or `compact` for one row. */
  declare layout: 'card' | 'compact' | null
  /** Keeps the customer from starting; what is under way goes on. */
  declare disabled: boolean
  /** Leaves our styles away. */
  declare unstyled: boolean

  #token: Maybe<TokenSource>
  #messages: Maybe<MessageOverrides>
  #appearance: Maybe<Appearance>
  #language: Maybe<Language>
  #root: Root | undefined
  #isDue = false
  #state = LOADING
  #stateKey = ''

  /** A connect token, or a function that gets one. It has no attribute: a document is no place for tokens. */
  get token(): Maybe<TokenSource> {
    return this.#token
  }
  set token(value) {
    checkValue('token', value)
    this.#token = value
    this.#update()
  }

  /** Texts to say differently, at any depth. */
  get messages(): Maybe<MessageOverrides> {
    return this.#messages
  }
  set messages(value) {
    checkValue('messages', value)
    this.#messages = value
    this.#update()
  }

  /** Theme, layout and `--cgh-*` variables; the attributes of the same names win. */
  get appearance(): Maybe<Appearance> {
    return this.#appearance
  }
  set appearance(value) {
    checkValue('appearance', value)
    this.#appearance = value
    this.#update()
  }

  /** A language with its texts, or a BCP 47 tag. Default: the language of the page, if a language script brought its texts. */
  get locale(): Maybe<Language | string> {
    return this.#language ?? this.getAttribute('locale')
  }
  set locale(value) {
    checkValue('locale', value)
    const isTag = typeof value === 'string'
    mirror(this, 'locale', isTag ? value : null)
    this.#language = isTag ? null : value
    this.#update()
  }

  /** What the customer is in, with the actions that are legal there; `connectstatechange` tells of another one. */
  get state(): ConnectGitHubState {
    return this.#state
  }

  connectedCallback(): void {
    // What a page or a framework set before this class was known hides its accessors.
    for (const [name, value] of Object.entries(this)) {
      if (!(name in ConnectGitHubElement.prototype)) continue
      Reflect.deleteProperty(this, name)
      try {
        Reflect.set(this, name, value)
      } catch (error) {
        // Nobody is there any more to catch it; the others are set all the same.
        reportError(error)
      }
    }
    this.#root ??= createRoot(this)
    this.#update()
  }

  disconnectedCallback(): void {
    // An element that is moved is taken out and put in again within one task, and keeps its state.
    queueMicrotask(() => {
      if (this.isConnected) return
      this.#root?.unmount()
      this.#root = undefined
      this.#state = LOADING
      this.#stateKey = ''
    })
  }

  /** Its presence keeps `moveBefore()` from calling the two above: https://dom.spec.whatwg.org/#concept-node-move */
  connectedMoveCallback(): void {}

  attributeChangedCallback(name: string, _former: string | null, value: string | null): void {
    this.#update()
    checkAttribute(name, value)
  }

  #update(): void {
    if (this.#isDue) return
    this.#isDue = true
    // One render for all that a page or a framework sets in a row.
    queueMicrotask(() => {
      this.#isDue = false
      this.#root?.render(<ConnectedCard options={this.#readOptions()} onState={this.#hold} />)
    })
  }

  #readOptions(): ConnectGitHubProps {
    const read = (name: string) => this.getAttribute(name) || undefined
    const choose = <Name extends Parameters<typeof findChoice>[0]>(name: Name) =>
      findChoice(name, this.getAttribute(name))
    const appearance = this.#appearance
    return {
      baseURL: read('base-url'),
      returnTo: read('return-to'),
      children: read('label'),
      mode: choose('mode'),
      disabled: this.disabled,
      unstyled: this.unstyled,
      token: this.#token ?? undefined,
      messages: this.#messages ?? undefined,
      appearance: {
        ...appearance,
        theme: choose('theme') ?? appearance?.theme,
        layout: choose('layout') ?? appearance?.layout,
      },
      locale: this.#language ?? this.#readLocale(),
      onSuccess: (connection, meta) => tell(this, 'connectsuccess', { connection, meta }),
      onExit: (error, meta) => tell(this, 'connectexit', { error, meta }),
      onError: (error) => tell(this, 'connecterror', { error }),
      onEvent: (event) => tell(this, 'connectevent', event),
      onLoad: () => tell(this, 'connectload', null),
    }
  }

  #readLocale(): Language | string | undefined {
    const tag = this.getAttribute('locale')
    if (tag && isLanguageTag(tag)) return findLanguage(tag) ?? tag
    const pageTag = this.closest('[lang]')?.getAttribute('lang')
    return pageTag ? findLanguage(pageTag) : undefined
  }

  #hold = (state: ConnectGitHubState): void => {
    this.#state = state
    // Each render makes another object; only what can be seen in it counts.
    const key = JSON.stringify(state)
    if (key === this.#stateKey) return
    this.#stateKey = key
    tell(this, 'connectstatechange', { state })
  }
}

function mirror(element: Element, attribute: string, value: Maybe<string | boolean>): void {
  if (value === null || value === undefined || value === false) element.removeAttribute(attribute)
  else element.setAttribute(attribute, value === true ? '' : value)
}

const { prototype } = ConnectGitHubElement
for (const [name, attribute] of Object.entries(TEXTS))
  Object.defineProperty(prototype, name, {
    get(this: Element) {
      return this.getAttribute(attribute)
    },
    set(this: Element, value: Maybe<string>) {
      checkAttribute(attribute, value ?? null)
      mirror(this, attribute, value)
    },
    enumerable: true,
    configurable: true,
  })
for (const name of FLAGS)
  Object.defineProperty(prototype, name, {
    get(this: Element) {
      return this.hasAttribute(name)
    },
    set(this: Element, value: unknown) {
      mirror(this, name, Boolean(value))
    },
    enumerable: true,
    configurable: true,
  })
