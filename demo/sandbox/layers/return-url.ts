// Which return URLs Layers accepts: HTTPS, and a host on the key's allowedReturnDomains.

import { createValidationError, LayersError } from './errors.ts'

const LONGEST = 2048

/**
 * Checks a return URL and gives it back as it came, because the redirect has to go to exactly that text.
 * @throws LayersError VALIDATION when it is missing, malformed or not HTTPS; RETURN_URL_NOT_ALLOWED when its host is not listed
 */
export function parseReturnUrl(
  text: string | null,
  rules: { allowedReturnDomains: readonly string[]; allowLoopbackHttp: boolean },
): string {
  if (text === null || text === '') throw refuse('required', 'returnUrl is required.')
  // The URL parser forgives white space, backslashes and a wrong number of slashes; a redirect target should need no forgiveness.
  if (
    text.length > LONGEST ||
    !/^https?:\/\/[^\s\\\p{Cc}/][^\s\\\p{Cc}]*$/iu.test(text) ||
    !URL.canParse(text)
  ) {
    throw refuse('invalid_value', `returnUrl must be an absolute URL of at most ${LONGEST} characters.`)
  }
  const url = new URL(text)
  const isTolerated = url.protocol === 'http:' && rules.allowLoopbackHttp && isLoopbackHost(url.hostname)
  if (url.protocol !== 'https:' && !isTolerated) throw refuse('invalid_value', 'returnUrl must be HTTPS.')
  // Unverified, by analogy with OAuth redirection endpoints (RFC 6749 §3.1.2): no fragment, and no credentials.
  if (url.username !== '' || url.password !== '' || text.includes('#')) {
    throw refuse('invalid_value', 'returnUrl must have neither credentials nor a fragment.')
  }
  const isListed = rules.allowedReturnDomains.some((domain) => domain.toLowerCase() === url.hostname)
  if (!isListed) {
    throw new LayersError(
      'RETURN_URL_NOT_ALLOWED',
      `${url.hostname} is not on the key's allowedReturnDomains.`,
    )
  }
  return text
}

/** Host names that never leave the machine: localhost, 127.0.0.0/8 and [::1]. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
}

function refuse(code: 'required' | 'invalid_value', message: string): LayersError {
  return createValidationError(message, [{ path: ['returnUrl'], code, message }])
}
