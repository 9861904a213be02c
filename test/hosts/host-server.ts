// The backend of a host page: serves what was built, renders it on the server where asked, and mounts the BFF beside it.
import { readFile } from 'node:fs/promises'
import { request as send, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { Bff } from '../../bff/index.ts'
import type { HostServer } from '../../demo/host/listen.ts'

export const BASE_PATH = '/connect/github'

/**
 * The strictest policy a host can have whose scripts and styles are files of its own. It needs no exception for the widget,
 * except `connect-src` where the BFF is on another origin. This is the policy that the widget's README states.
 */
const STRICT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

/** What a host shows: pages that were built here, or another server's, to which everything is passed on. */
export type HostPages = BuiltPages | { readonly forwardTo: string }

interface BuiltPages {
  /** The directories of `buildPages`. */
  readonly browser: string
  readonly server: string
  /** Sent with every page of the host; default {@link STRICT_POLICY}. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

const moduleSchema = z.object({
  render: z.custom<(search: string) => string>((value) => typeof value === 'function'),
  stream: z.custom<(search: string) => Promise<string>>((value) => typeof value === 'function'),
})

/** Returns the reports of broken policies that browsers send: a list that grows. */
export async function mountPages(server: HostServer, getBff: () => Bff, pages: HostPages): Promise<string[]> {
  const reports: string[] = []
  const answerPage = 'forwardTo' in pages ? forwardTo(pages.forwardTo) : await createPages(pages, reports)
  server.mount((request, response) => {
    const isForBff = request.url?.startsWith(BASE_PATH) === true
    const answered = isForBff ? getBff().handler(request, response) : answerPage(request, response)
    answered.catch((error: unknown) => {
      // A page that is not served fails the test that wanted it, with this text on it.
      if (!response.headersSent) response.writeHead(500)
      response.end(String(error))
    })
  })
  return reports
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** As a proxy in front of both does it. */
function forwardTo(origin: string): Answer {
  return ({ method = 'GET', url = '/', headers }, response) =>
    new Promise((resolve, reject) => {
      const forwarded = send(origin + url, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        pipeline(answer, response).then(resolve, reject)
      })
      forwarded.once('error', reject).end()
    })
}

async function createPages(pages: BuiltPages, reports: string[]): Promise<Answer> {
  const rendering = moduleSchema.parse(await import(pathToFileURL(join(pages.server, 'server.js')).href))
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': `${STRICT_POLICY}; report-uri /reports`,
    ...pages.headers,
  }

  return async (asked, response) => {
    const { pathname, search, searchParams } = new URL(asked.url ?? '/', 'http://host')
    if (pathname === '/reports') {
      for await (const chunk of asked) reports.push(String(chunk))
      response.writeHead(204).end()
      return
    }
    if (pathname === '/favicon.ico') {
      response.writeHead(204).end()
      return
    }
    const type = { '/main.js': 'text/javascript', '/main.css': 'text/css' }[pathname]
    if (type !== undefined) {
      response.setHeader('Content-Type', `${type}; charset=utf-8`)
      response.end(await readFile(join(pages.browser, pathname)))
      return
    }
    const body = await describePage(pathname, search, searchParams)
    // A page around a frame belongs to somebody who has no policy.
    const sent = pathname === '/frame' ? { 'Content-Type': headers['Content-Type'] } : headers
    if (body === undefined) response.writeHead(404).end()
    else response.writeHead(200, sent).end(body)
  }

  async function describePage(
    pathname: string,
    search: string,
    parameters: URLSearchParams,
  ): Promise<string | undefined> {
    switch (pathname) {
      case '/':
        return page('')
      case '/rendered':
        return page(rendering.render(search))
      case '/streamed':
        return page(await rendering.stream(search))
      case '/elsewhere':
        return '<!doctype html><title>Elsewhere</title><h1>Elsewhere</h1>'
      case '/frame':
        return frame(parameters)
      default:
        return undefined
    }
  }
}

function page(markup: string): string {
  return `<!doctype html><html lang="en"><head><title>Host</title><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/main.css"><script type="module" src="/main.js"></script></head>
<body><div id="root">${markup}</div><ol id="calls"></ol></body></html>`
}

function frame(parameters: URLSearchParams): string {
  const sandbox = parameters.get('sandbox')
  const attributes = sandbox === null ? '' : ` sandbox="${sandbox}"`
  return `<!doctype html><title>Around</title>
<iframe title="Host" width="900" height="700" src="${parameters.get('src')}"${attributes}></iframe>`
}
