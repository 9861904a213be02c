// The command line with connect tokens: exactly one thing says who is asking, and the server then knows them by their token.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { createTokenSigner } from '../../bff/connect-token/signer.ts'
import { PUBLIC_URL, startCli } from './cli-process.ts'

const IDENTIFY = fileURLToPath(new URL('../flow/identify-by-cookie.ts', import.meta.url))
const SECRET = 'a-secret-of-43-characters-0123456789-abcdef'
const TOKENS = { CONNECT_TOKEN_SECRET: SECRET, CONNECT_TOKEN_ISSUER: 'https://app.example.com' }

const directory = mkdtempSync(join(tmpdir(), 'connect-github-cli-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** Starts the command; `listening` rejects when it ends before it listens. */
const start = (args: readonly string[], env: Readonly<Record<string, string>>) => startCli({ args, env })

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
