// Decides where a redirect flow ends: always on the host page's own origin.

const MAX_LENGTH = 2048

/**
 * The absolute URL to go back to. Anything that leaves the origin (`//evil`, `/\evil`, `javascript:`, another host) becomes the
 * origin's `/`, so that the BFF is no open redirector (RFC 9700 §4.11).
 *
 * @param hostOrigin a listed origin; where the page that started the flow lives.
 */
export function resolveReturnTo(returnTo: string | undefined, hostOrigin: string): string {
  const home = `${hostOrigin}/`
  if (returnTo === undefined || returnTo.length > MAX_LENGTH || !URL.canParse(returnTo, home)) return home
  const url = new URL(returnTo, home)
  // The origin of `blob:https://app.example.com/x` is https://app.example.com, so the URL has to begin with it, too.
  if (url.origin !== hostOrigin || !url.href.startsWith(home)) return home
  return url.href
}
