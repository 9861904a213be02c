// A BFF mounted in a host's own server, the way the host likes, against a sandbox; and a browser that reaches it there.
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createBff, type Bff, type BffOptions } from '../../bff/index.ts'
import type { Sandbox } from '../../demo/sandbox/index.ts'
import { closeCanarySandbox, startCanarySandbox } from '../stack/canary-sandbox.ts'
import { createTestBrowser, type TestBrowser } from '../stack/test-browser.ts'

export interface MountOptions {
  /** The path of PUBLIC_URL. Default `/connect/github`. */
  readonly basePath?: string
  /** Below which path the host's server gets the BFF's requests; another one when a proxy in front changes it. Default `basePath`. */
  readonly innerPath?: string
  readonly bff?: Partial<BffOptions>
}

export interface MountedBff {
  readonly bff: Bff
  readonly sandbox: Sandbox
  /** Where the host's server listens, without a path. */
  readonly hostUrl: string
  browser(person?: string | null): TestBrowser
  /** Closes the BFF, then the host. */
  close(): Promise<void>
}

/** @param createHost puts the BFF into the host's server. */
export async function mountBff(
  createHost: (bff: Bff) => RequestListener,
  { basePath = '/connect/github', innerPath = basePath, bff: options = {} }: MountOptions = {},
): Promise<MountedBff> {
  const canary = await startCanarySandbox()
  const { sandbox, key, artefacts } = canary
  const publicOrigin = 'http://localhost:9999'
  const publicUrl = publicOrigin + basePath
  const bff = createBff({
    identify: findPerson,
    layersApiKey: key,
    layersApiUrl: sandbox.layersUrl,
    githubUrl: sandbox.githubUrl,
    publicUrl: publicUrl === publicOrigin ? `${publicUrl}/` : publicUrl,
    databaseUrl: 'file::memory:',
    logStream: { write: (line) => artefacts.record('logs', line) },
    env: {},
    ...options,
  })
  const server = createServer(createHost(bff))
  const hostUrl = `http://127.0.0.1:${await listen(server)}`
  const stack = { baseUrl: hostUrl + innerPath, publicOrigin, publicUrl, artefacts }
  return {
    bff,
    sandbox,
    hostUrl,
    browser: (person = 'ann') => createTestBrowser({ stack, person }),
    async close() {
      await bff.close()
      await new Promise((resolve) => server.close(resolve))
      await closeCanarySandbox(canary)
    },
  }
}

/** The session cookie holds the user's name. */
function findPerson({ headers }: IncomingMessage) {
  const userId = /(?:^|; )session=([a-z]+)/.exec(headers.cookie ?? '')?.[1]
  return userId === undefined ? null : { tenantId: 'northwind', userId, canConnect: true }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('the host has no port'))
      else resolve(address.port)
    })
  })
}
