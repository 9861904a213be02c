// The languages the widget comes with, besides English. A file that is there is a language that is shown.
import type { Language } from '../../widget/index.ts'

const files = import.meta.glob<Readonly<Record<string, Language>>>('../../widget/languages/*.ts', {
  eager: true,
})

/** By tag, e.g. `pt-BR`. English has none: it is what the widget speaks by itself. */
export const languages: ReadonlyMap<string, Language> = new Map(
  Object.values(files)
    .flatMap((file) => Object.values(file))
    .map((language) => [language.tag, language]),
)
