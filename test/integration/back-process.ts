// Runs the integration's back, with the settings that it takes from the environment, as a partner would start it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { CanarySandbox } from '../stack/canary-sandbox.ts'

export interface Back {
  /** Where it listens, as the browser says it. */
  readonly origin: string
  stop(): Promise<void>
}

/** Resolves when it answers. @param directory holds back.ts. */
export async function startBack(
  directory: string,
  { sandbox, key, artefacts }: CanarySandbox,
): Promise<Back> {
  const port = await findFreePort()
  const origin = `http://localhost:${port}`
  const child = spawn(process.execPath, ['back.ts'], {
    cwd: directory,
    env: {
      PORT: String(port),
      LAYERS_API_KEY: key,
      LAYERS_API_URL: sandbox.layersUrl,
      GITHUB_URL: sandbox.githubUrl,
      PUBLIC_URL: `${origin}/connect/github`,
      DATABASE_URL: `file:${join(artefacts.directory, 'databases', 'connect-github.db')}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const exited = once(child, 'exit')
  const listening = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        artefacts.record('logs', text)
        if (/"event":"started"/.test(output)) resolve()
      })
    }
  })
  await Promise.race([
    listening,
    exited.then((): never => {
      throw new Error(`back.ts ended:\n${output}`)
    }),
  ])
  return {
    origin,
    async stop() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  return address.port
}
