// The connect token: asked for once, kept in memory only, asked for again after a 401, by one call for all who wait.

/** A connect token, or a function that gets one from the host's backend; it is asked again when a token is refused. */
export type TokenSource = string | (() => string | Promise<string>)

/** Reads the present token. Pass the promise of a refused one to get a newer one. */
export type ReadToken = (refused?: Promise<string | undefined>) => Promise<string | undefined>

/** @param getSource the latest `token` prop. */
export function createTokenReader(getSource: () => TokenSource | undefined): ReadToken {
  let current: Promise<string> | undefined
  return (refused) => {
    const source = getSource()
    if (typeof source !== 'function') return Promise.resolve(source)
    // Another request may have renewed it since `refused` was sent: then that one is good for all.
    if (!current || current === refused) {
      const asked = new Promise<string>((resolve) => resolve(source()))
      asked.catch(() => {
        if (current === asked) current = undefined
      })
      current = asked
    }
    return current
  }
}
