// Stands between a BFF and the sandbox's Layers, and changes the list of repositories on its way: answers the sandbox would not give.
import { createServer, type IncomingMessage } from 'node:http'
import { startStack, type Stack, type StackOptions } from '../stack/start-stack.ts'

export interface Repositories {
  items: Record<string, unknown>[]
  nextCursor: string | null
}

export interface StackBetween {
  readonly stack: Stack
  /** What is done to each list from now on; undefined again for nothing. */
  change: ((list: Repositories) => void) | undefined
  close(): Promise<void>
}

export async function startStackBetween(options: StackOptions = {}): Promise<StackBetween> {
  let layersUrl = ''
  const server = createServer((request, response) => {
    void (async () => {
      const { answer, text } = await forward(request)
      const retryAfter = answer.headers.get('retry-after')
      const headers = retryAfter === null ? {} : { 'retry-after': retryAfter }
      response.writeHead(answer.status, { 'content-type': 'application/json', ...headers }).end(text)
    })()
  })

  async function forward(request: IncomingMessage): Promise<{ answer: Response; text: string }> {
    const chunks: Buffer[] = []
    for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
    const { authorization = '', 'x-layers-organization': organization } = request.headers
    const answer = await fetch(layersUrl + (request.url ?? ''), {
      method: request.method ?? 'GET',
      headers: {
        authorization,
        ...(typeof organization === 'string' ? { 'x-layers-organization': organization } : {}),
        ...(request.method === 'POST' ? { 'content-type': 'application/json' } : {}),
      },
      ...(request.method === 'POST' ? { body: Buffer.concat(chunks) } : {}),
    })
    const text = await answer.text()
    const isList = request.url?.startsWith('/v1/github/repos') === true && answer.status === 200
    if (!isList || between.change === undefined) return { answer, text }
    const list: Repositories = JSON.parse(text)
    between.change(list)
    return { answer, text: JSON.stringify(list) }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const stack = await startStack({
    ...options,
    bff: { layersApiUrl: `http://127.0.0.1:${port}`, ...options.bff },
  })
  layersUrl = stack.sandbox.layersUrl
  const between: StackBetween = {
    stack,
    change: undefined,
    async close() {
      await stack.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return between
}
