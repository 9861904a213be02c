// Takes secrets out of a finished log line, in every encoding they are likely to be in: the last layer of defence.
import type { Secret } from './secret.ts'

const ALWAYS_HIDDEN: readonly [RegExp, string][] = [
  [/lp_(?:live|test)_[A-Za-z0-9._-]+/g, '[key]'],
  [/Bearer\s+[A-Za-z0-9._~+/=-]+/gi, 'Bearer [hidden]'],
  [/\b(state|code|installation_id)=[^&"\s\\]+/g, '$1=[hidden]'],
]

/**
 * Control characters that JSON leaves as they are: delete and C1 (terminals obey some of them), line and paragraph
 * separators, and bidirectional controls, which make a line read as something else (Unicode TR 36, "Trojan Source").
 */
const CONTROLS = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Returns a function that takes one line of JSON and gives one back. */
export function createScrubber(secrets: readonly Secret[]): (line: string) => string {
  const forms = [...new Set(secrets.flatMap((secret) => secret.reveal(formsOf)))]
  // A longer form may hold a shorter one, of which nothing must be left over.
  forms.sort((left, right) => right.length - left.length)
  return (line) => {
    let clean = line
    for (const form of forms) clean = clean.replaceAll(form, '[secret]')
    for (const [pattern, replacement] of ALWAYS_HIDDEN) clean = clean.replace(pattern, replacement)
    return clean.replace(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`)
  }
}

function formsOf(value: string): string[] {
  const hex = Buffer.from(value).toString('hex')
  const percent = hex.replaceAll(/../g, '%$&')
  const base64 = [0, 1, 2].map((offset) => encodeAligned(value, offset))
  const base64url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))
  return [
    ...escapeRepeatedly(value),
    encodeURIComponent(value),
    ...[percent, hex].flatMap((text) => [text, text.toUpperCase()]),
    // As JSON has a Buffer or a Uint8Array.
    [...Buffer.from(value)].join(','),
    ...base64,
    ...base64url,
  ]
}

/** As JSON writes it, and JSON within JSON, as in the text of an error of an HTTP client. */
function escapeRepeatedly(value: string): string[] {
  const forms = [value]
  for (let depth = 1; depth <= 3; depth += 1) forms.push(JSON.stringify(forms.at(-1)).slice(1, -1))
  return forms
}

/** The base64 characters that do not depend on what stands before and behind, for a value that starts at this place of three. */
function encodeAligned(value: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
  return bytes.toString('base64').slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6))
}
