// An `--identify` module that fails outside of any request, in the ways that nothing else catches, with a secret in its words.
import type { IncomingMessage } from 'node:http'

export function identify({ headers }: IncomingMessage): null {
  const failure = new TypeError(`could not use ${process.env['LAYERS_API_KEY']}`)
  if (headers.cookie === 'fail=throw')
    setImmediate(() => {
      throw failure
    })
  if (headers.cookie === 'fail=reject') void Promise.reject(failure)
  return null
}
