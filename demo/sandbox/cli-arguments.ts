// The command line's flags: what they mean and how they are read.

import { parseArgs } from 'node:util'
import type { SandboxOptions } from './options.ts'

export const HELP = `connect-github-sandbox: a stand-in for the Layers API and for GitHub

Usage: connect-github-sandbox [options]

  --layers-port <port>     port of the Layers origin; 0 = any free one (default 4001)
  --github-port <port>     port of the GitHub origin; 0 = any free one (default 4002)
  --host <address>         address to listen on (default 127.0.0.1)
  --allow-loopback-http    accept http return URLs on loopback hosts; Layers itself never does
  --quiet                  do not print a line per request
  --help                   print this and stop

Stops cleanly on SIGINT and SIGTERM.
`

export type CliArguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'start'; readonly isQuiet: boolean; readonly options: SandboxOptions }

/** @throws Error that names the wrong flag or value */
export function parseCliArguments(args: readonly string[]): CliArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'layers-port': { type: 'string', default: '4001' },
      'github-port': { type: 'string', default: '4002' },
      host: { type: 'string', default: '127.0.0.1' },
      'allow-loopback-http': { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return { kind: 'help' }
  return {
    kind: 'start',
    isQuiet: values.quiet,
    options: {
      host: values.host,
      layersPort: parsePort('--layers-port', values['layers-port']),
      githubPort: parsePort('--github-port', values['github-port']),
      allowLoopbackHttpReturnUrls: values['allow-loopback-http'],
    },
  }
}

function parsePort(flag: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65_535)) throw new Error(`${flag} must be a port number from 0 to 65535, not "${text}"`)
  return port
}
