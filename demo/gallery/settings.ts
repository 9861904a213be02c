// What the address says to show: `?theme=dark&dir=rtl&language=de&width=320&state=waiting`. Anything else is an error that names the cure.

const THEMES = ['both', 'light', 'dark', 'auto'] as const
const DIRECTIONS = ['ltr', 'rtl'] as const
const VIEWS = ['cases', 'walk', 'brands'] as const
const LAYOUTS = ['list', 'sheet', 'framed'] as const

export type Theme = 'light' | 'dark' | 'auto'

export interface Settings {
  /** Default `cases`: all of them. `walk`: one card through whole flows. `brands`: one state in many colours. */
  readonly view: (typeof VIEWS)[number]
  /** Default `both`: light and dark side by side. */
  readonly theme: (typeof THEMES)[number]
  /** Of the host page. Default `ltr`; a language sets its own on the card. */
  readonly dir: (typeof DIRECTIONS)[number]
  /** A tag, or `all`. Default `en`. */
  readonly language: string
  /** Of each card, in pixels. Default 560. */
  readonly width: number
  /** Names of cases, or their beginnings, separated by commas. Default all. */
  readonly state: string
  /**
   * Default `list`. `sheet`: cells of one size, without cases that differ in their texts only, to compare pictures of. `framed`: the
   * card alone, for a frame.
   */
  readonly layout: (typeof LAYOUTS)[number]
}

/** @throws {Error} when a value is none of those that are possible. */
export function readSettings(search: string): Settings {
  const query = new URLSearchParams(search)
  const pick = <T extends string>(name: string, values: readonly [T, ...T[]]): T => {
    const given = query.get(name) ?? values[0]
    const found = values.find((value) => value === given)
    if (found === undefined) throw new Error(`?${name}= must be one of ${values.join(', ')}.`)
    return found
  }
  const width = Number(query.get('width') ?? 560)
  if (!Number.isInteger(width) || width < 200 || width > 2_000)
    throw new Error('?width= must be a number of pixels from 200 to 2000.')
  return {
    view: pick('view', VIEWS),
    theme: pick('theme', THEMES),
    dir: pick('dir', DIRECTIONS),
    language: query.get('language') ?? 'en',
    width,
    state: query.get('state') ?? '',
    layout: pick('layout', LAYOUTS),
  }
}

/** The address of the same page with something else on it. */
export function addressWith(settings: Settings, change: Partial<Settings>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...settings, ...change }))
    if (value !== '') query.set(name, String(value))
  return `?${query}`
}
