// While a BFF that is mounted in a host closes, new requests are refused in words, not answered from a closed store.
import { createServer } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { createBff } from '../../bff/index.ts'
import { createCanaryKey } from '../stack/artefacts.ts'

const directory = mkdtempSync(join(tmpdir(), 'connect-github-closing-'))
const servers: { close(): void }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  rmSync(directory, { recursive: true, force: true })
})

it('answers 503 with Retry-After on every route, once it closes: JSON to scripts, a page to people', async () => {
  const fatal: unknown[] = []
  const bff = createBff({
    identify: () => ({ tenantId: 'northwind', userId: 'ann', canConnect: true }),
    layersApiKey: createCanaryKey(),
    publicUrl: 'http://localhost:9999/connect/github',
    databaseUrl: `file:${join(directory, 'x.db')}`,
    logStream: { write: () => undefined },
    onFatal: (error) => fatal.push(error),
    env: {},
  })
  await bff.ready
  const server = createServer((request, response) => void bff.handler(request, response)).listen(
    0,
    '127.0.0.1',
  )
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/connect/github`

  expect((await fetch(`${url}/connection`)).status).toBe(200)
  bff.drain()
  expect((await fetch(`${url}/readyz`)).status).toBe(503)
  expect((await fetch(`${url}/connection`)).status).toBe(200)
  await bff.close()
  for (const path of ['/connection', '/readyz', '/return?state=x', '/flows/AAAAAAAAAAAAAAAAAAAAAA/done']) {
    const answer = await fetch(url + path, { redirect: 'manual' })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('1')
    const isPage = path.startsWith('/return') || path.endsWith('/done')
    expect(await answer.text()).toContain(isPage ? 'The service is restarting' : '"code":"shutting_down"')
  }
  expect(fatal).toEqual([])
})
