#!/usr/bin/env node
// connect-github-bff: runs the BFF as a server of its own, configured by the environment.
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Config } from './config.ts'

const USAGE = `connect-github-bff [--identify <module>] [--help]

Starts the BFF on HOST and PORT (default 127.0.0.1:8787), configured by environment variables.

Who is asking, one of the two:
  connect tokens       your backend signs a token for each page view (\`createTokenSigner\` of @connect-github/bff/token, or any
                       JWT library); set CONNECT_TOKEN_ISSUER, and CONNECT_TOKEN_SECRET, _PUBLIC_KEY or _JWKS_URL
  --identify <module>  a JavaScript or TypeScript module that exports \`identify(request)\`: who is signed in,
                       { tenantId, userId, canConnect, layersOrganization? }, or null

  --help               this text

Required variables: LAYERS_API_KEY, PUBLIC_URL. All of them are described in the package's README.
`

const MIN_NODE = [22, 18] as const

/** Says what is wrong and how to cure it, and ends with exit code 1. */
function fail(message: string): never {
  process.stderr.write(`connect-github-bff: ${message}\n`)
  process.exit(1)
}

function checkNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1])) return
  fail(`Node.js ${MIN_NODE.join('.')} or newer is needed; this is ${process.versions.node}`)
}

/** Before the server listens there is nothing to end. Installed first: process 1 of a container gets no signal that it does not handle. */
let stop = (): void => process.exit(0)
/** Nor is there anything to read again. Never rejects: what is wrong with a file is in the log, and the former secrets stay in use. */
let reload = (): void => undefined

async function main(): Promise<void> {
  // A diagnostic report lists the environment otherwise, and the partner key with it: https://nodejs.org/api/report.html
  process.report.excludeEnv = true
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop())
  process.on('SIGHUP', () => reload())
  const { values } = parseArgs({ options: { identify: { type: 'string' }, help: { type: 'boolean' } } })
  if (values.help === true) {
    process.stdout.write(USAGE)
    return
  }
  // Loaded after the check of the Node version: older versions cannot load the database driver at all.
  const { createBff, readConfig } = await import('./index.ts')
  const { startServer } = await import('./server.ts')
  const { listSecrets } = await import('./config.ts')
  const { createLog } = await import('./log.ts')
  const { exitOnUncaught, outliveLogReaders } = await import('./process-guards.ts')
  const config = readConfig({}, process.env)
  outliveLogReaders()
  exitOnUncaught(createLog({ level: config.logLevel, stream: process.stdout, secrets: listSecrets(config) }))
  checkOneSaysWho(values.identify, config)
  const bff = createBff(
    values.identify === undefined ? {} : { identify: await loadIdentify(values.identify) },
  )
  const server = await startServer(bff, config)
  const urlOf = (port: number): string => `http://${config.host}:${port}`
  process.stdout.write(
    `${JSON.stringify({
      event: 'listening',
      url: urlOf(server.port),
      ...(server.metricsPort === null ? {} : { metricsUrl: `${urlOf(server.metricsPort)}/metrics` }),
    })}\n`,
  )
  reload = () => void bff.reload()
  stop = (): void => {
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error instanceof Error ? error.message : 'the stop failed'),
    )
  }
}

function checkOneSaysWho(path: string | undefined, { connectToken }: Config): void {
  if (path === undefined && connectToken === null)
    fail(
      'nothing says who is signed in: set CONNECT_TOKEN_ISSUER with CONNECT_TOKEN_SECRET, _PUBLIC_KEY or _JWKS_URL to verify connect tokens, or give --identify <module> (see --help)',
    )
  if (path !== undefined && connectToken !== null)
    fail(
      '--identify is given, and connect tokens are configured: leave out the one or unset the CONNECT_TOKEN_ variables',
    )
}

async function loadIdentify(path: string) {
  const module: unknown = await import(pathToFileURL(resolve(path)).href)
  if (typeof module !== 'object' || module === null || !('identify' in module))
    fail(`${path} does not export identify`)
  const { identify } = module
  if (typeof identify !== 'function') fail(`${path} must export identify as a function`)
  // What it returns is parsed on each request, so nothing is taken on trust here.
  return (request: unknown): Promise<never> => identify(request)
}

checkNode()
main().catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)))
