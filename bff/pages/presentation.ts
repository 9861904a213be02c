// In which language and theme one page is shown to one browser.
import type { Theme } from '../contract.ts'
import type { ConnectContext } from '../middleware/request-context.ts'
import { DEFAULT_LANGUAGE, findLanguage } from './choose-language.ts'
import type { PageTexts } from './page-texts.ts'
import { NO_WISH, type PageWish } from './page-wish.ts'

export interface Presentation {
  readonly texts: PageTexts
  /** Null when the system decides. */
  readonly theme: Theme | null
  /** True when another browser, asking for the same, might get another language. */
  readonly isNegotiated: boolean
}

/** The host page's language, else the browser's (RFC 9110 §12.5.4), else English. */
export function presentationFor(ctx: ConnectContext, { locale, theme }: PageWish = NO_WISH): Presentation {
  const wished = locale === null ? undefined : findLanguage([locale])
  if (wished !== undefined) return { texts: wished, theme, isNegotiated: false }
  return { texts: findLanguage(ctx.acceptsLanguages()) ?? DEFAULT_LANGUAGE, theme, isNegotiated: true }
}
