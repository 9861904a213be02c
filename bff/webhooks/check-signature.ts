// Checks that GitHub signed a webhook: an HMAC over the very bytes of the body
// (https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries).
import { verify } from '@octokit/webhooks-methods'
import type { Secret } from '../secret.ts'

/** SHA-256 only: the older `X-Hub-Signature` is SHA-1, and is not looked at. */
const SIGNATURE = /^sha256=[0-9a-f]{64}$/

/** Whether the header can be a signature at all; to be asked before a body is read for it. */
export function isSignature(header: string | readonly string[] | undefined): header is string {
  return typeof header === 'string' && SIGNATURE.test(header)
}

/**
 * The body as text when it was signed with one of the secrets; undefined when it was not, or is not UTF-8, which GitHub's are. The
 * comparison takes the same time wherever the signatures differ.
 */
export async function findSignedText(
  bytes: Buffer,
  signature: string,
  secrets: readonly Secret[],
): Promise<string | undefined> {
  const text = decodeUtf8(bytes)
  if (text === undefined || text === '') return undefined
  for (const secret of secrets) {
    if (await secret.reveal((value) => verify(value, text, signature))) return text
  }
  return undefined
}

/** Without loss, a byte order mark included: the library signs text, and its bytes have to be these again. */
function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
