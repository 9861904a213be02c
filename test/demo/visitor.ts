// A visitor's browser, as far as the host can tell: keeps cookies, sends Origin with forms, follows no redirect by itself.

export interface Visitor {
  get(path: string, headers?: Record<string, string>): Promise<Response>
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
    signIn: (personId) => visitor.post('/login', { person: personId }),
    cookies,
  }
  return visitor
}
