// How a host page asks the BFF's own pages to be: kept with the flow, and carried by the launch page's URL until there is one.
import { LOCALE_PATTERN, MAX_LOCALE_LENGTH, type Theme } from '../contract.ts'

export interface PageWish {
  /** A language tag, of a language that the pages may not speak; null when the browser decides. */
  readonly locale: string | null
  /** Null when the system decides. */
  readonly theme: Theme | null
}

export const NO_WISH: PageWish = { locale: null, theme: null }

/** Reads `locale` and `theme` of a query that anybody may have written. What is not of their form is no wish, and no error. */
export function parseWish(query: string): PageWish {
  const parameters = new URLSearchParams(query)
  const locale = parameters.get('locale') ?? ''
  const theme = parameters.get('theme')
  return {
    locale: locale.length <= MAX_LOCALE_LENGTH && LOCALE_PATTERN.test(locale) ? locale : null,
    theme: theme === 'light' || theme === 'dark' ? theme : null,
  }
}

/** The query that {@link parseWish} reads, with its question mark; empty for no wish. */
export function toQuery({ locale, theme }: PageWish): string {
  const parameters = new URLSearchParams({
    ...(locale === null ? {} : { locale }),
    ...(theme === null ? {} : { theme }),
  })
  return parameters.size === 0 ? '' : `?${parameters.toString()}`
}
