// Starts a BFF process for runs that attack it from outside, with a sandbox behind it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { copyBroken } from '../../flow/broken-bff.ts'
import type { Breakage } from '../../stack/copied-sources.ts'
import { closeCanarySandbox, startCanarySandbox } from '../../stack/canary-sandbox.ts'
import { COMPILE_CACHE } from '../../stack/compile-cache.ts'
import { createTestBrowser, type TestBrowser } from '../../stack/test-browser.ts'
import type { FaultOptions } from '../fault.ts'
import { healthSchema, type Health, type Settings } from './health.ts'

const PROGRAM = fileURLToPath(new URL('exposed-bff-process.ts', import.meta.url))
const BFF_DIRECTORY = fileURLToPath(new URL('../../../bff', import.meta.url))
const PUBLIC_ORIGIN = 'http://localhost:9999'
export const EXPOSED_URL = `${PUBLIC_ORIGIN}/connect/github`
export const TOKEN_ISSUER = 'https://app.example.com'
export const TOKEN_SECRET = 'secret-of-tokens-for-an-exposed-bff'
export const WEBHOOK_SECRET = 'webhook-secret-of-an-exposed-bff'

export interface ExposedBff {
  readonly port: number
  browser(person: string): TestBrowser
  measure(): Promise<Health>
  /** Whether it ended by itself. */
  isGone(): boolean
  /** What it wrote: errors and nothing else. */
  output(): string
}

export interface ExposedBffOptions {
  /** What is other than in the source. */
  readonly broken?: readonly Breakage[]
  /** Whether connect tokens say who is asking. Default: a session cookie. */
  readonly usesTokens?: boolean
}

export async function startExposedBff(
  { onFinished }: Pick<FaultOptions, 'onFinished'>,
  { broken = [], usesTokens = false }: ExposedBffOptions = {},
): Promise<ExposedBff> {
  const canary = await startCanarySandbox()
  onFinished(() => closeCanarySandbox(canary))
  const { sandbox, key, artefacts } = canary
  const settings: Settings = {
    directory: broken.length > 0 ? copyBroken(broken, onFinished) : BFF_DIRECTORY,
    layersApiKey: key,
    layersApiUrl: sandbox.layersUrl,
    githubUrl: sandbox.githubUrl,
    publicUrl: EXPOSED_URL,
    databaseUrl: `file:${join(artefacts.directory, 'databases', 'exposed.db')}`,
    githubWebhookSecret: [WEBHOOK_SECRET],
    ...(usesTokens ? { connectTokenSecret: [TOKEN_SECRET], connectTokenIssuer: TOKEN_ISSUER } : {}),
  }
  const child = spawn(process.execPath, ['--expose-gc', PROGRAM, JSON.stringify(settings)], {
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
      artefacts.record('logs', text)
    })
  }
  let isGone = false
  const gone = once(child, 'close').then((): never => {
    isGone = true
    throw new Error(`the BFF is gone:\n${output}`)
  })
  gone.catch(() => undefined)
  onFinished(async () => {
    child.kill('SIGKILL')
    await gone.catch(() => undefined)
  })
  const readHealth = async (): Promise<Health> => {
    const [health]: unknown[] = await Promise.race([once(child, 'message'), gone])
    return healthSchema.parse(health)
  }

  const { port } = await readHealth()
  const baseUrl = `http://127.0.0.1:${port}/connect/github`
  return {
    port,
    browser: (person) =>
      createTestBrowser({
        stack: { baseUrl, publicOrigin: PUBLIC_ORIGIN, publicUrl: EXPOSED_URL, artefacts },
        person,
      }),
    async measure() {
      const health = readHealth()
      child.send('measure', () => undefined)
      return health
    },
    isGone: () => isGone,
    output: () => output,
  }
}
