// What a page's script may have to say by itself: the text of each status and error, as JSON for a `data-*` attribute.
import type { PageTexts } from './page-texts.ts'

/** An object from status or error code to its text; no code is called like a status. */
export function toScriptTexts({ statuses, errors }: PageTexts): string {
  const texts = Object.entries(statuses).map(([status, { text }]) => [status, text])
  return JSON.stringify({ ...Object.fromEntries(texts), ...errors })
}
