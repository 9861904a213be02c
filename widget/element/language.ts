// Finds the texts for a language tag among those that language scripts put on the page.
import type { Language } from '../messages.ts'

declare global {
  interface Window {
    /** Where the scripts of the languages leave them, by tag; read again at each render. */
    ConnectGitHub?: { readonly languages?: Readonly<Record<string, Language>> }
  }
}

const primaryOf = (tag: string) => tag.toLowerCase().split('-')[0]

/** The language of this tag, else one of the same first subtag (`de-AT` and `de`, `pt` and `pt-BR`). */
export function findLanguage(tag: string): Language | undefined {
  const languages = Object.values(window.ConnectGitHub?.languages ?? {})
  return (
    languages.find((language) => language.tag.toLowerCase() === tag.toLowerCase()) ??
    languages.find((language) => primaryOf(language.tag) === primaryOf(tag))
  )
}
