// Reads the demo's own settings from the environment.
import type { DemoOptions } from './options.ts'

export interface Settings {
  readonly hostPort: number
  readonly bffPort: number
  readonly layersPort: number
  readonly githubPort: number
  /** Undefined: a temporary directory. */
  readonly dataDirectory: string | undefined
  readonly identity: NonNullable<DemoOptions['identity']>
  readonly tokenLifetimeSeconds: number
  readonly bffOrigin: NonNullable<DemoOptions['bffOrigin']>
  readonly ownership: DemoOptions['ownership']
}

interface PortVariable {
  readonly name: string
  readonly standard: number
  /** What listens there, as a person would say it. */
  readonly serves: string
}

/** The variables that move the demo's servers to other ports. */
const HOST: PortVariable = { name: 'DEMO_PORT', standard: 4000, serves: 'Brightline' }
const BFF: PortVariable = { name: 'DEMO_BFF_PORT', standard: 4003, serves: 'the BFF' }
const LAYERS: PortVariable = { name: 'SANDBOX_LAYERS_PORT', standard: 4001, serves: 'the sandbox’s Layers' }
const GITHUB: PortVariable = { name: 'SANDBOX_GITHUB_PORT', standard: 4002, serves: 'the sandbox’s GitHub' }

const DEFAULT_TOKEN_SECONDS = 300
const MAX_TOKEN_SECONDS = 600

/** @throws Error naming the variable that is not understood, and what it can be. Ports: 0 (any free one) to 65535. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  return {
    hostPort: parsePort(HOST, environment[HOST.name]),
    bffPort: parsePort(BFF, environment[BFF.name]),
    layersPort: parsePort(LAYERS, environment[LAYERS.name]),
    githubPort: parsePort(GITHUB, environment[GITHUB.name]),
    dataDirectory: environment['DEMO_DATA_DIR'] || undefined,
    identity: parseChoice('DEMO_IDENTITY', ['session', 'token'], environment) ?? 'session',
    tokenLifetimeSeconds: parseTokenSeconds(environment['DEMO_TOKEN_SECONDS']),
    bffOrigin: parseChoice('DEMO_BFF_ORIGIN', ['same', 'other'], environment) ?? 'same',
    ownership: parseChoice('DEMO_OWNERSHIP', ['own-app', 'partner-app'], environment),
  }
}

function parseChoice<C extends string>(
  name: string,
  choices: readonly C[],
  environment: NodeJS.ProcessEnv,
): C | undefined {
  const text = environment[name]
  if (text === undefined || text === '') return undefined
  const choice = choices.find((candidate) => candidate === text)
  if (choice !== undefined) return choice
  throw new Error(`${name} is "${text}". Set it to ${choices.join(' or ')}, or leave it out.`)
}

function parseTokenSeconds(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_TOKEN_SECONDS
  const seconds = /^[0-9]{1,3}$/.test(text) ? Number(text) : 0
  if (seconds >= 1 && seconds <= MAX_TOKEN_SECONDS) return seconds
  throw new Error(
    `DEMO_TOKEN_SECONDS is "${text}". Set it to a number of seconds from 1 to ${MAX_TOKEN_SECONDS}.`,
  )
}

function parsePort({ name, standard }: PortVariable, text: string | undefined): number {
  if (text === undefined || text === '') return standard
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new Error(`${name} is "${text}". Set it to a port from 1 to 65535, or 0 for any free one.`)
}

/** What to do about a port that something else already listens on; undefined when the error is another one. */
export function findPortCure(error: unknown, settings: Settings): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') return undefined
  if (!('port' in error)) return undefined
  const wanted = [
    { ...HOST, port: settings.hostPort },
    { ...BFF, port: settings.bffPort },
    { ...LAYERS, port: settings.layersPort },
    { ...GITHUB, port: settings.githubPort },
  ]
  const taken = wanted.find(({ port }) => port === error.port)
  if (taken === undefined) return undefined
  return (
    `Port ${taken.port}, meant for ${taken.serves}, is in use. Stop what runs there, ` +
    `or choose another: ${taken.name}=${taken.standard + 100} npm run demo`
  )
}
