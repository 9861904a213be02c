// A partner's page without React or a bundler, under the strictest policy, on an origin of its own beside the BFF's.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

/** Collects what bubbles up to the page, as a partner's script gets it. */
const PAGE_SCRIPT = `
window.told = []
for (const name of ['connectsuccess', 'connectexit', 'connecterror', 'connectevent', 'connectload', 'connectstatechange'])
  document.addEventListener(name, ({ type, detail }) => told.push({ type, detail: JSON.parse(JSON.stringify(detail)) }))
`

export interface PlainPage {
  /** Markup of the element. */
  readonly element: string
  /** Of the html element; default `en`. */
  readonly lang?: string
  /** Scripts before the element's, e.g. `languages/de.js`. */
  readonly scripts?: readonly string[]
  /** What the policy lets the page call. */
  readonly bffOrigin: string
}

export interface PlainServer {
  readonly url: string
  /** What the server's page is from now on. */
  show(page: PlainPage): void
  close(): Promise<void>
}

/** @param directory what the build of the element wrote. */
export async function servePlainPage(directory: string): Promise<PlainServer> {
  let shown: PlainPage | undefined
  const server = createServer((request, response) => {
    const path = (request.url ?? '').slice(1)
    if (path === '' && shown) {
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      response.setHeader('Content-Security-Policy', describePolicy(shown.bffOrigin))
      response.end(writePage(directory, shown))
      return
    }
    response.setHeader('Content-Type', path.endsWith('.css') ? 'text/css' : 'text/javascript; charset=utf-8')
    response.end(path === 'page.js' ? PAGE_SCRIPT : readFileSync(join(directory, path)))
  })
  await new Promise<void>((listening) => server.listen(0, 'localhost', listening))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The page listens on no port.')
  return {
    url: `http://localhost:${address.port}`,
    show: (page) => (shown = page),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

const describePolicy = (bffOrigin: string) =>
  [
    "default-src 'none'",
    // For the empty icon, and for the account's avatar.
    `img-src data: ${bffOrigin}`,
    "script-src 'self'",
    "style-src 'self'",
    `connect-src ${bffOrigin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')

function writePage(directory: string, { element, lang = 'en', scripts = [] }: PlainPage): string {
  const integrity = (path: string) => {
    const digest = createHash('sha384')
      .update(readFileSync(join(directory, path)))
      .digest('base64')
    return `integrity="sha384-${digest}"`
  }
  const script = (path: string) => `<script defer src="/${path}" ${integrity(path)}></script>`
  return `<!doctype html>
<html lang="${lang}">
  <head>
    <meta charset="utf-8" />
    <title>Settings</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/connect-github.css" ${integrity('connect-github.css')} />
    <script defer src="/page.js"></script>
    ${[...scripts, 'connect-github.js'].map(script).join('\n    ')}
  </head>
  <body>
    <main>
      <h1>Settings</h1>
      ${element}
      <p>Below</p>
    </main>
  </body>
</html>`
}
