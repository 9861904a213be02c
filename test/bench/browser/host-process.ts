// The partner's server of a benchmark, in a process of its own: a page with the widget, and the BFF mounted beside it.
import { join } from 'node:path'
import { listen } from '../../../demo/host/listen.ts'
import { identify } from '../../faults/traffic/tenants.ts'
import { obey } from '../child.ts'
import { hostOrderSchema, type HostOrder } from './orders.ts'

const WIDE_OPEN = 1_000_000
const [directory = ''] = process.argv.slice(2)
// A copy has the same exports as the source that it was made from.
const source: typeof import('../../../bff/index.ts') = await import(join(directory, 'index.ts'))

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Integrations</title>
<link rel="stylesheet" href="/styles.css"><main id="root"></main><script type="module" src="/script.js"></script>`
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"

async function open({ upstream, databaseUrl, script, styles }: HostOrder): Promise<{ origin: string }> {
  const files: Readonly<Record<string, readonly [type: string, body: string]>> = {
    '/': ['text/html', PAGE],
    '/script.js': ['text/javascript', script],
    '/styles.css': ['text/css', styles],
  }
  const server = await listen(0)
  const bff = source.createBff({
    ...upstream,
    identify,
    publicUrl: `${server.url}/connect/github`,
    databaseUrl,
    limits: { startsPerUser: WIDE_OPEN, startsPerTenant: WIDE_OPEN, readsPerUser: WIDE_OPEN },
    env: {},
  })
  await bff.ready
  server.mount((request, response) => {
    void bff.handler(request, response, () => {
      const [type, body] = files[(request.url ?? '').split('?')[0] ?? ''] ?? []
      // The least that any server could do with the window.
      if (request.url === '/bare') {
        response
          .writeHead(303, { Location: `${upstream.githubUrl}/apps/layers-connector/installations/new` })
          .end()
      } else if (type === undefined) response.writeHead(404).end()
      else response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': POLICY }).end(body)
    })
  })
  return { origin: server.url }
}

obey({}, (message) => open(hostOrderSchema.parse(message)))
