// What a page of another origin can make the victim's browser send, and what it gets to read: the rules of
// https://fetch.spec.whatwg.org/#http-cors-protocol by hand. All cookies go along, as if the host's were `SameSite=None`.
import type { Answer, TestBrowser } from '../stack/test-browser.ts'

export interface ForeignPage {
  /** As the browser names it in `Origin`; undefined for an old browser that names nothing. */
  readonly origin: string | undefined
  /** Undefined for a browser without Fetch Metadata. */
  readonly site: 'cross-site' | 'same-site' | undefined
}

export interface ForeignRequest {
  readonly method: string
  readonly path: string
  /** Besides what browsers set themselves. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const FORM_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']

/** Sends without asking first, as forms and `mode: 'no-cors'` do, and as a browser with a hole would. */
export function sendBlindly(
  victim: TestBrowser,
  page: ForeignPage,
  { method, path, headers, body }: ForeignRequest,
): Promise<Answer> {
  return victim.send(path, {
    method,
    headers: {
      origin: method === 'GET' ? undefined : page.origin,
      'sec-fetch-site': page.site,
      'sec-fetch-mode': page.site === undefined ? undefined : 'no-cors',
      'sec-fetch-dest': page.site === undefined ? undefined : 'empty',
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  })
}

/** What `fetch` with credentials gives the page's script: undefined when the browser sends or shows nothing. */
export async function fetchAsScript(
  victim: TestBrowser,
  { origin = 'null', site }: ForeignPage,
  { method, path, headers = {}, body }: ForeignRequest,
): Promise<Answer | undefined> {
  const fetchHeaders = { origin, 'sec-fetch-site': site, 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }
  const unsafe = Object.entries(headers)
    .filter(([name, value]) => name !== 'content-type' || !FORM_TYPES.includes(value))
    .map(([name]) => name)
  if (unsafe.length > 0 || !['GET', 'HEAD', 'POST'].includes(method)) {
    const preflight = await victim.send(path, {
      method: 'OPTIONS',
      headers: {
        ...fetchHeaders,
        cookie: undefined,
        'access-control-request-method': method,
        'access-control-request-headers': unsafe.join(','),
      },
    })
    const isAllowed =
      lists(preflight, 'access-control-allow-methods', [method]) &&
      lists(preflight, 'access-control-allow-headers', unsafe)
    if (!isReadableBy(preflight, origin) || preflight.status >= 300 || !isAllowed) return undefined
  }
  const answer = await victim.send(path, {
    method,
    headers: { ...fetchHeaders, ...headers },
    ...(body === undefined ? {} : { body }),
  })
  return isReadableBy(answer, origin) ? answer : undefined
}

function isReadableBy({ headers }: Answer, origin: string): boolean {
  return (
    headers.get('access-control-allow-origin') === origin &&
    headers.get('access-control-allow-credentials') === 'true'
  )
}

function lists({ headers }: Answer, name: string, wanted: readonly string[]): boolean {
  const listed = (headers.get(name) ?? '').split(',').map((entry) => entry.trim().toLowerCase())
  return wanted.every((entry) => listed.includes(entry.toLowerCase()))
}
