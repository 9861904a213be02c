// Which attributes and properties <connect-github> has, what each may hold, and the errors that name the cure.

/** Properties that mirror an attribute of text. */
export const TEXTS = {
  baseURL: 'base-url',
  returnTo: 'return-to',
  label: 'label',
  mode: 'mode',
  theme: 'theme',
  layout: 'layout',
} as const

/** Properties that mirror an attribute which is there or not. */
export const FLAGS = ['disabled', 'unstyled'] as const

export const ATTRIBUTES: readonly string[] = [...Object.values(TEXTS), ...FLAGS, 'locale']

const CHOICES = {
  mode: ['auto', 'popup', 'redirect'],
  theme: ['auto', 'light', 'dark'],
  layout: ['card', 'compact'],
} as const

type Choices = typeof CHOICES

/** What properties hold that are more than text. */
const KINDS = {
  token: ['string', 'function'],
  messages: ['object'],
  appearance: ['object'],
  locale: ['string', 'object'],
} as const

/** The choice that an attribute names; undefined for none and for what is no choice. */
export const findChoice = <Name extends keyof Choices>(
  name: Name,
  value: string | null,
): Choices[Name][number] | undefined => CHOICES[name].find((choice) => choice === value)

export function isLanguageTag(value: string): boolean {
  try {
    return Intl.getCanonicalLocales(value).length > 0
  } catch {
    return false
  }
}

/**
 * An empty attribute counts as absent, as frameworks write one for "none".
 * @throws {TypeError} naming what the attribute may be, when it is something else.
 */
export function checkAttribute(name: string, value: string | null): void {
  if (!value) return
  const isChoice = (of: string): of is keyof Choices => Object.hasOwn(CHOICES, of)
  let allowed = ''
  if (isChoice(name) && !findChoice(name, value)) allowed = CHOICES[name].join(', ')
  if (name === 'locale' && !isLanguageTag(value)) allowed = 'a BCP 47 language tag'
  if (allowed) throw new TypeError(`<connect-github>: "${name}" must be ${allowed}, not "${value}".`)
}

/** @throws {TypeError} when a property is of another kind. The value stays out of the message: it may be a token. */
export function checkValue(name: keyof typeof KINDS, value: unknown): void {
  const kinds: readonly string[] = KINDS[name]
  if (value === null || value === undefined || kinds.includes(typeof value)) return
  throw new TypeError(`<connect-github>: "${name}" must be ${kinds.join(' or ')}, not ${typeof value}.`)
}
