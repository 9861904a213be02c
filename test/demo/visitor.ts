// A visitor's browser, as far as the host can tell: keeps cookies, sends Origin with forms, follows no redirect by itself.
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'

export interface Visitor {
  get(path: string, headers?: Record<string, string>): Promise<Response>
  /** Opens a page to which another site led, and returns its status; fetch would call itself `cors`. */
  followForeignLink(path: string): Promise<number | undefined>
  /** Posts JSON as the widget on the host's own page does. */
  postJson(path: string, body: unknown): Promise<Response>
  /** Posts a form as the host's own page does, unless `headers` say otherwise. */
  post(path: string, fields?: Record<string, string>, headers?: Record<string, string>): Promise<Response>
  signIn(personId: string): Promise<Response>
  /** The `Cookie` header of the next request. */
  cookies(): string
}

export function createVisitor(hostUrl: string): Visitor {
  const jar = new Map<string, string>()
  const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

  async function send(path: string, init: RequestInit, headers: Record<string, string>): Promise<Response> {
    const cookie = cookies()
    const response = await fetch(`${hostUrl}${path}`, {
      ...init,
      redirect: 'manual',
      headers: { ...(cookie && { Cookie: cookie }), ...headers },
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/max-age=0(;|$)/i.test(line)) jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }

  const visitor: Visitor = {
    get: (path, headers = {}) => send(path, {}, headers),
    post: (path, fields = {}, headers = {}) =>
      send(path, { method: 'POST', body: new URLSearchParams(fields) }, { Origin: hostUrl, ...headers }),
    async followForeignLink(path) {
      const navigation = {
        'Sec-Fetch-Mode': 'navigate',
        'Sec-Fetch-Dest': 'document',
        'Sec-Fetch-Site': 'cross-site',
      }
      const request = get(`${hostUrl}${path}`, { headers: { Cookie: cookies(), ...navigation } })
      const [response]: IncomingMessage[] = await once(request, 'response')
      response?.resume()
      return response?.statusCode
    },
    postJson: (path, body) =>
      send(
        path,
        { method: 'POST', body: JSON.stringify(body) },
        {
          'Content-Type': 'application/json',
          'X-Connect-GitHub': '1',
          'Sec-Fetch-Site': 'same-origin',
          Origin: hostUrl,
        },
      ),
    signIn: (personId) => visitor.post('/login', { person: personId }),
    cookies,
  }
  return visitor
}

/** Presses the button that connects GitHub, as far as the BFF can tell. */
export function startFlow(visitor: Visitor): Promise<Response> {
  const flowId = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url')
  return visitor.postJson('/connect/github/flows', { flowId, mode: 'popup', returnTo: '/integrations' })
}
