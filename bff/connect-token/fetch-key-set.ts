// Fetches the JSON Web Key Set from one fixed URL, with limits on time and size, and without following redirects.
import { Client, errors } from 'undici'
import { z } from 'zod'
import { ConnectError } from '../errors.ts'

const MAX_ANSWER_BYTES = 64 * 1024
/** A token without a `kid` is tried with every key of its algorithm, so their number is bounded. */
const MAX_KEYS = 32

const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(MAX_KEYS) })

export type KeySet = z.infer<typeof keySetSchema>

/**
 * @param signal ends the whole call.
 * @throws ConnectError `identity_unavailable`; its detail names the cure.
 */
export async function fetchKeySet(url: URL, signal: AbortSignal): Promise<KeySet> {
  const text = await fetchText(url, signal)
  const parsed = keySetSchema.safeParse(parseJson(text))
  if (!parsed.success)
    throw unavailable(`answered something that is not a JSON Web Key Set of at most ${MAX_KEYS} keys`)
  // Whoever reads the set could sign with such a key, so nothing that is signed with any of them is believed.
  if (parsed.data.keys.some((key) => key.kty === 'oct' || ['k', 'd', 'priv'].some((name) => name in key)))
    throw unavailable('publishes a private or symmetric key: replace that key, and publish public ones only')
  return parsed.data
}

async function fetchText(url: URL, signal: AbortSignal): Promise<string> {
  // One connection for one request every few minutes: nothing is left open in between.
  const client = new Client(url.origin, { maxResponseSize: MAX_ANSWER_BYTES })
  try {
    const { statusCode, body } = await client.request({
      method: 'GET',
      path: url.pathname,
      headers: {
        accept: 'application/jwk-set+json, application/json',
        // Compressed answers could unpack to any size; ours are small.
        'accept-encoding': 'identity',
        'user-agent': 'connect-github-bff',
      },
      signal,
    })
    if (statusCode !== 200)
      throw unavailable(`answered ${statusCode}: name the final URL, redirects are not followed`)
    return await body.text()
  } catch (cause) {
    if (cause instanceof ConnectError) throw cause
    if (signal.aborted) throw unavailable('did not answer in time: check the way to it', cause)
    if (cause instanceof errors.ResponseExceededMaxSizeError)
      throw unavailable(`answered with more than ${MAX_ANSWER_BYTES} bytes`, cause)
    throw unavailable('could not be reached, or cut its answer short: check the way to it', cause)
  } finally {
    await client.destroy()
  }
}

/** Undefined for anything that is not JSON; the schema then refuses it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unavailable(what: string, cause?: unknown): ConnectError {
  return new ConnectError('identity_unavailable', { detail: `CONNECT_TOKEN_JWKS_URL ${what}`, cause })
}
