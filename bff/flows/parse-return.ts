// Reads the query of GitHub's redirect. The only file that knows its wire spelling.

/** `request`: a member asked an owner for approval, so there is no installation yet. */
export type SetupAction = 'install' | 'update' | 'request'

export interface ReturnParameters {
  readonly state: string | undefined
  readonly installationId: number | undefined
  readonly setupAction: SetupAction | undefined
  /** GitHub's single-use code, from which the customer's identity can be had (RFC 6749 §4.1.2). */
  readonly code: string | undefined
  /** Why GitHub's authorize page came back without one (RFC 6749 §4.1.2.1). */
  readonly error: string | undefined
}

const KNOWN_NAMES = ['state', 'installation_id', 'setup_action', 'code', 'error'] as const
const SETUP_ACTIONS: ReadonlySet<string> = new Set(['install', 'update', 'request'])
const MAX_QUERY_LENGTH = 4096

/**
 * The parameters, or undefined when the query is not one GitHub sends: a known name given twice (RFC 6749 §3.1 forbids it), an id
 * that is not a plain positive integer, or an unknown setup_action. Unknown names are ignored: GitHub and Layers may add some.
 */
export function parseReturn(query: string): ReturnParameters | undefined {
  if (query.length > MAX_QUERY_LENGTH) return undefined
  const parameters = new URLSearchParams(query)
  const names = [...parameters.keys()]
  // `state[]` and `installation_id[0]` are other names here, but what sends them meant to send an array.
  if (names.some((name) => KNOWN_NAMES.some((known) => name.startsWith(`${known}[`)))) return undefined
  if (KNOWN_NAMES.some((name) => parameters.getAll(name).length > 1)) return undefined

  const state = parameters.get('state') ?? undefined
  if (state !== undefined && !/^[\x21-\x7e]{1,512}$/.test(state)) return undefined

  const id = parameters.get('installation_id') ?? undefined
  const installationId = id === undefined ? undefined : parseInstallationId(id)
  if (id !== undefined && installationId === undefined) return undefined

  const action = parameters.get('setup_action') ?? undefined
  if (action !== undefined && !isSetupAction(action)) return undefined

  const code = parameters.get('code') ?? undefined
  if (code !== undefined && !/^[\x21-\x7e]{1,256}$/.test(code)) return undefined
  const error = parameters.get('error') ?? undefined
  if (error !== undefined && !/^[a-z_]{1,64}$/.test(error)) return undefined
  return { state, installationId, setupAction: action, code, error }
}

function parseInstallationId(text: string): number | undefined {
  if (!/^[1-9][0-9]{0,15}$/.test(text)) return undefined
  const id = Number(text)
  return Number.isSafeInteger(id) ? id : undefined
}

function isSetupAction(text: string): text is SetupAction {
  return SETUP_ACTIONS.has(text)
}
