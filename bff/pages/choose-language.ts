// Which of its languages a page is shown in: lookup as in RFC 4647 §3.4, over the tags that somebody asked for.
import { ar } from './languages/ar.ts'
import { de } from './languages/de.ts'
import { en } from './languages/en.ts'
import { es } from './languages/es.ts'
import { fr } from './languages/fr.ts'
import { he } from './languages/he.ts'
import { ja } from './languages/ja.ts'
import { ptBR } from './languages/pt-BR.ts'
import { zhHans } from './languages/zh-Hans.ts'
import type { PageTexts } from './page-texts.ts'

export const LANGUAGES: readonly PageTexts[] = [en, de, fr, es, ptBR, ja, zhHans, ar, he]

/** By tags as they are compared, in lower case. A language of which there is one kind only is spoken by that kind. */
const BY_TAG: ReadonlyMap<string, PageTexts> = new Map([
  ...LANGUAGES.map((texts): [string, PageTexts] => [texts.tag.toLowerCase(), texts]),
  ['pt', ptBR],
  ['zh', zhHans],
  // What Hebrew was called before 1989, and still is by old systems (https://www.iana.org/assignments/language-subtag-registry).
  ['iw', he],
])

/**
 * The first language that one of the tags leads to, when subtag after subtag is taken from its end; undefined when none does.
 *
 * @param tags in the order in which they are preferred; anything that is no tag leads nowhere.
 */
export function findLanguage(tags: readonly string[]): PageTexts | undefined {
  for (const tag of tags) {
    const subtags = tag.toLowerCase().split('-')
    while (subtags.length > 0) {
      const texts = BY_TAG.get(subtags.join('-'))
      if (texts !== undefined) return texts
      subtags.pop()
    }
  }
  return undefined
}

/** English, when nobody asks for a language that there is. */
export const DEFAULT_LANGUAGE = en
