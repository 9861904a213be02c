#!/usr/bin/env node
// The command connect-github-sandbox: starts a sandbox, prints where it is, stops on a signal.

import { HELP, parseCliArguments } from './cli-arguments.ts'
import { startSandbox } from './start-sandbox.ts'

const print = (line: string) => void process.stdout.write(`${line}\n`)

async function main(): Promise<void> {
  const parsed = parseCliArguments(process.argv.slice(2))
  if (parsed.kind === 'help') {
    process.stdout.write(HELP)
    return
  }
  const sandbox = await startSandbox({ ...parsed.options, ...(parsed.isQuiet ? {} : { log: print }) })
  print(`Layers   ${sandbox.layersUrl}`)
  print(`GitHub   ${sandbox.githubUrl}`)
  print(`Control  ${sandbox.controlUrl}`)
  print('')
  print('Start the BFF with:')
  print(`LAYERS_API_URL=${sandbox.layersUrl} GITHUB_URL=${sandbox.githubUrl} LAYERS_API_KEY=${sandbox.key}`)
  const stop = () => {
    // Once the servers are closed nothing keeps the process alive, and it ends by itself with status 0.
    void sandbox.close()
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

try {
  await main()
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error)
  process.stderr.write(`connect-github-sandbox: ${reason}\nTry --help.\n`)
  process.exitCode = 1
}
