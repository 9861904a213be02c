// HTML with everything that is inserted escaped, unless it is HTML made here.

export interface Html {
  readonly markup: string
}

type Insert = string | number | Html | readonly Html[] | null

/** A template literal whose inserts are escaped; `null` inserts nothing. */
export function html(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Html {
  const markup = parts.reduce((text, part, index) => text + toMarkup(inserts[index - 1] ?? null) + part)
  return { markup }
}

function toMarkup(insert: Insert): string {
  if (insert === null) return ''
  if (typeof insert === 'object') return 'markup' in insert ? insert.markup : insert.map(toMarkup).join('')
  return String(insert).replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
