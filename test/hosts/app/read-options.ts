// What a host page is asked to do differently, read from its address: on the server, in the browser, or on both.

export interface HostOptions {
  /** In StrictMode; default true. */
  readonly strict: boolean
  /** The host's TanStack Query client: none (default), one as it comes, or one whose defaults are against everything. */
  readonly client: 'none' | 'plain' | 'hostile'
  /** How many widgets; default 1. */
  readonly instances: number
  /** Whether the repositories are listed as well. */
  readonly repositories: boolean
  /** Whether every callback throws after it was noted. */
  readonly throwing: boolean
  /** Whether a prop is of the wrong kind. */
  readonly wrong: boolean
  readonly mode: 'auto' | 'popup' | 'redirect'
  readonly theme: 'auto' | 'light' | 'dark' | undefined
  readonly accent: string | undefined
  readonly locale: string | undefined
  readonly token: string | undefined
  readonly baseURL: string | undefined
}

/** A parameter such as `browser.locale` counts on one side only, where it goes before `locale`. */
export function readOptions(search: string, side: 'server' | 'browser'): HostOptions {
  const parameters = new URLSearchParams(search)
  const read = (name: string): string | undefined =>
    parameters.get(`${side}.${name}`) ?? parameters.get(name) ?? undefined
  const pick = <T extends string>(name: string, values: readonly T[]): T | undefined =>
    values.find((value) => value === read(name))
  return {
    strict: read('strict') !== 'no',
    client: pick('client', ['plain', 'hostile']) ?? 'none',
    instances: Number(read('instances') ?? 1),
    repositories: read('repositories') === 'yes',
    throwing: read('throwing') === 'yes',
    wrong: read('wrong') === 'yes',
    mode: pick('mode', ['popup', 'redirect']) ?? 'auto',
    theme: pick('theme', ['auto', 'light', 'dark']),
    accent: read('accent'),
    locale: read('locale'),
    token: read('token'),
    baseURL: read('baseURL'),
  }
}
