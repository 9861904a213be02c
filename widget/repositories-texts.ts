// The English texts of <Repositories/>, what another language says in their place, and how a number of them is said.
import type { Language } from './messages.ts'

/** By the categories of https://cldr.unicode.org/index/cldr-spec/plural-rules; `{count}` is filled in. */
export type Plural = { readonly other: string } & { readonly [C in Intl.LDMLPluralRule]?: string }

/** All texts of the list, complete. Beside them it says `loading`, `tryAgain` and `newWindow` of the card’s messages. */
export interface RepositoryMessages {
  /** The line that opens the list, while the number is not known. */
  readonly title: string
  /** The line that opens the list, and what a search found. `{count}` may be `30+`. */
  readonly count: Plural
  /** The line when there are none, and what to do. */
  readonly none: string
  readonly choose: string
  readonly failed: string
  readonly search: string
  readonly noMatch: string
  readonly private: string
  readonly more: string
}

/** Those a host page wants to say differently. */
export type RepositoryMessageOverrides = {
  readonly [K in keyof RepositoryMessages]?: RepositoryMessages[K] | undefined
}

export const english: RepositoryMessages = {
  title: 'Repositories',
  count: { one: '{count} repository', other: '{count} repositories' },
  none: 'No repositories yet',
  choose: 'Choose some on GitHub.',
  failed: 'Repositories could not be loaded',
  search: 'Search repositories',
  noMatch: 'None has such a name.',
  private: 'Private',
  more: 'Show more',
}

/**
 * The texts of the language where it has some, else the English ones, with those of the host in their place.
 * @returns them, and what says a number of repositories.
 */
export function pickTexts(
  overrides: RepositoryMessageOverrides = {},
  locale: string | Language | undefined,
): { readonly texts: RepositoryMessages; readonly tag: string; readonly say: SayCount } {
  const { repositories = english, tag = 'en' } =
    typeof locale === 'object' && locale.repositories ? locale : {}
  const texts = { ...repositories, ...withoutGaps(overrides) }
  const rules = new Intl.PluralRules(tag)
  const say: SayCount = (count, hasMore) => {
    const text = texts.count[rules.select(count)] ?? texts.count.other
    return text.replace('{count}', () => count.toLocaleString(tag) + (hasMore ? '+' : ''))
  }
  return { texts, tag, say }
}

/** @param hasMore says that there are at least as many. */
type SayCount = (count: number, hasMore: boolean) => string

/** A text that is undefined is one not given. */
const withoutGaps = (texts: object): object =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined))
