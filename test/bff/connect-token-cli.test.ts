// The command line with connect tokens: exactly one thing says who is asking, and the server then knows them by their token.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { createTokenSigner } from '../../bff/connect-token/signer.ts'
import { createCanaryKey } from '../stack/artefacts.ts'

const CLI = fileURLToPath(new URL('../../bff/cli.ts', import.meta.url))
const IDENTIFY = fileURLToPath(new URL('../flow/identify-by-cookie.ts', import.meta.url))
const PUBLIC_URL = 'http://localhost:9999/connect/github'
const SECRET = 'a-secret-of-43-characters-0123456789-abcdef'
const TOKENS = { CONNECT_TOKEN_SECRET: SECRET, CONNECT_TOKEN_ISSUER: 'https://app.example.com' }

const directory = mkdtempSync(join(tmpdir(), 'connect-github-cli-'))
afterAll(() => rmSync(directory, { recursive: true }))

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts the command; `listening` rejects when it ends before it listens. */
function start(args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: {
      LAYERS_API_KEY: createCanaryKey(),
      // The discard port: nothing here asks Layers for anything that has to be answered.
      LAYERS_API_URL: 'http://127.0.0.1:9',
      PUBLIC_URL,
      DATABASE_URL: `file:${join(directory, 'connect-github.db')}`,
      PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code) => resolve({ code, stdout, stderr })),
  )
  const listening = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      const url = /"event":"listening","url":"([^"]+)"/.exec(stdout)?.[1]
      if (url !== undefined) resolve(url)
    })
    void ended.then(() => reject(new Error(`it ended before it listened: ${stderr}`)))
  })
  // Tests of a start that fails only wait for its end.
  listening.catch(() => undefined)
  return { listening, ended, stop: () => child.kill('SIGTERM') }
}

it('knows people by their tokens, from a secret in a file', async () => {
  const file = join(directory, 'secret')
  writeFileSync(file, `${SECRET}\n`, { mode: 0o600 })
  const bff = start([], {
    CONNECT_TOKEN_SECRET_FILE: file,
    CONNECT_TOKEN_ISSUER: TOKENS.CONNECT_TOKEN_ISSUER,
  })
  const url = `${await bff.listening}/connect/github/connection`
  const signer = createTokenSigner({
    secret: SECRET,
    issuer: TOKENS.CONNECT_TOKEN_ISSUER,
    audience: PUBLIC_URL,
  })
  const token = await signer.sign({ tenantId: 'northwind', userId: 'ann', canConnect: true })
  const headers = { 'sec-fetch-site': 'same-origin' }
  expect((await fetch(url, { headers })).status).toBe(401)
  const answer = await fetch(url, { headers: { ...headers, authorization: `Bearer ${token}` } })
  expect(answer.status).toBe(200)
  bff.stop()
  const { code, stdout, stderr } = await bff.ended
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  for (const secret of [SECRET, token]) expect(stdout).not.toContain(secret)
})

it('needs one of the two, and names both', async () => {
  const { code, stderr } = await start([], {}).ended
  expect(code).toBe(1)
  expect(stderr).toMatch(/^connect-github-bff: nothing says who is signed in: set CONNECT_TOKEN_ISSUER with /)
  expect(stderr).toContain('or give --identify <module>')
})

it('does not take both: a mistake in one would be hidden by the other', async () => {
  const { code, stderr } = await start(['--identify', IDENTIFY], TOKENS).ended
  expect(code).toBe(1)
  expect(stderr).toMatch(/^connect-github-bff: --identify is given, and connect tokens are configured: /)
})

it('tells what is wrong with the tokens, before anything else is asked for', async () => {
  const { code, stderr } = await start([], { CONNECT_TOKEN_SECRET: SECRET }).ended
  expect(code).toBe(1)
  expect(stderr).toContain('CONNECT_TOKEN_ISSUER is required with connect tokens')
  expect(stderr).not.toContain(SECRET)
})

it('explains both in its help', async () => {
  const { code, stdout } = await start(['--help'], {}).ended
  expect(code).toBe(0)
  for (const word of [
    'CONNECT_TOKEN_SECRET',
    'CONNECT_TOKEN_ISSUER',
    '--identify <module>',
    'createTokenSigner',
  ])
    expect(stdout).toContain(word)
})
