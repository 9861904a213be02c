// A cheap HTTP client for load: connections are kept, and a request that got no answer is an outcome like any other.
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http'

export interface TrafficAnswer {
  readonly status: number
  readonly location: string | undefined
  readonly setCookies: readonly string[]
  readonly text: string
}

export interface TrafficRequest {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface TrafficClient {
  /** Undefined when the connection was refused or cut before the whole answer was there. */
  send(url: string, request: TrafficRequest): Promise<TrafficAnswer | undefined>
  close(): void
}

export function createTrafficClient({ maxConnections = 512 } = {}): TrafficClient {
  const agent = new Agent({ keepAlive: true, maxSockets: maxConnections, maxFreeSockets: maxConnections })
  return {
    send(url, { method = 'GET', headers = {}, body }) {
      return new Promise((resolve) => {
        const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
        const request = httpRequest(
          url,
          { agent, method, headers: { ...length, ...headers } },
          (response) => void readAnswer(response).then(resolve, () => resolve(undefined)),
        )
        request.once('error', () => resolve(undefined))
        request.end(body)
      })
    },
    close: () => agent.destroy(),
  }
}

async function readAnswer(response: IncomingMessage): Promise<TrafficAnswer> {
  let text = ''
  response.setEncoding('utf8')
  for await (const chunk of response) text += String(chunk)
  return {
    status: response.statusCode ?? 0,
    location: response.headers.location,
    setCookies: response.headers['set-cookie'] ?? [],
    text,
  }
}
