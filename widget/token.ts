// The connect token: asked for once, kept in memory only, asked for again after a 401, by one call for all who wait.
import { ConnectGitHubError } from './error.ts'

/** A connect token, or a function that gets one from the host's backend; it is asked again when a token is refused. */
export type TokenSource = string | (() => string | Promise<string>)

/**
 * Reads the present token; undefined where none is used. Pass the promise of a refused one to get a newer one.
 * Rejects with `session_required` when there is none to be had.
 */
export type ReadToken = (refused?: Promise<string | undefined>) => Promise<string | undefined>

/** A function that never answers must not keep the card from saying so. */
const PATIENCE_MS = 10_000

/** The characters a token may have (https://www.rfc-editor.org/rfc/rfc6750#section-2.1); fetch repeats others in its error. */
const TOKEN = /^[\w.~+/-]+=*$/

/** @param getSource the latest `token` prop. */
export function createTokenReader(getSource: () => TokenSource | undefined): ReadToken {
  let current: ReturnType<ReadToken> | undefined
  return (refused) => {
    const source = getSource()
    if (typeof source !== 'function') return ask(source)
    // Another request may have renewed it since `refused` was sent: then that one is good for all.
    if (!current || current === refused) {
      const asked = ask(source)
      asked.catch(() => {
        if (current === asked) current = undefined
      })
      current = asked
    }
    return current
  }
}

async function ask(source: TokenSource | undefined): ReturnType<ReadToken> {
  if (source === undefined) return source
  let token: string | undefined
  try {
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE_MS))
    token = await (typeof source === 'function' ? Promise.race([source(), late]) : source)
  } catch {
    // What the function threw stays out of the error: it may hold a token.
  }
  if (token && TOKEN.test(token)) return token
  throw new ConnectGitHubError('session_required', 'The token prop gave none.')
}
