// Reads the demo's own settings from the environment.

export interface Settings {
  readonly hostPort: number
  readonly layersPort: number
  readonly githubPort: number
  /** Undefined: a temporary directory. */
  readonly dataDirectory: string | undefined
}

interface PortVariable {
  readonly name: string
  readonly standard: number
  /** What listens there, as a person would say it. */
  readonly serves: string
}

/** The variables that move the demo's three servers to other ports. */
const HOST: PortVariable = { name: 'DEMO_PORT', standard: 4000, serves: 'Brightline' }
const LAYERS: PortVariable = { name: 'SANDBOX_LAYERS_PORT', standard: 4001, serves: 'the sandbox’s Layers' }
const GITHUB: PortVariable = { name: 'SANDBOX_GITHUB_PORT', standard: 4002, serves: 'the sandbox’s GitHub' }

/** @throws Error when a port is not a number from 0 (any free one) to 65535. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  return {
    hostPort: parsePort(HOST, environment[HOST.name]),
    layersPort: parsePort(LAYERS, environment[LAYERS.name]),
    githubPort: parsePort(GITHUB, environment[GITHUB.name]),
    dataDirectory: environment['DEMO_DATA_DIR'] || undefined,
  }
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
