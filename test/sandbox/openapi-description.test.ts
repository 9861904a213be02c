// Controls of the check against GitHub's description: what it lets through means something only if it refuses what is wrong.

import { describe, expect, it } from 'vitest'
import { checkAnswer, checkWebhook } from './openapi-description.ts'
import { signIn, startRest } from './rest-client.ts'

const INSTALLATIONS = '/user/installations'

async function readInstallations() {
  const { sandbox, rest } = await startRest()
  sandbox.scenario('install', { account: 'acme-coffee' })
  const { json } = await rest('GET', INSTALLATIONS, await signIn(sandbox))
  return json
}

describe('the check against GitHub’s description', () => {
  it.each([
    ['a missing field', (one: Record<string, unknown>) => delete one['app_id']],
    ['a field of another type', (one: Record<string, unknown>) => (one['id'] = 'x')],
    ['a date that is none', (one: Record<string, unknown>) => (one['created_at'] = 'yesterday')],
    ['a value that is not listed', (one: Record<string, unknown>) => (one['repository_selection'] = 'some')],
    ['null where nothing may be', (one: Record<string, unknown>) => (one['app_slug'] = null)],
  ])('refuses %s in an answer that it accepts otherwise', async (_what, spoil) => {
    const body = structuredClone(await readInstallations())
    expect(() => checkAnswer('GET', INSTALLATIONS, 200, body)).not.toThrow()
    const [first] = listInstallations(body)
    spoil(first)
    expect(() => checkAnswer('GET', INSTALLATIONS, 200, body)).toThrow('/installations/0')
  })

  it.each([
    ['a path', 'GET', '/nothing/of/this/kind'],
    ['a method', 'PUT', '/user/installations'],
  ])('refuses %s that is not described', (_what, method, path) => {
    expect(() => checkAnswer(method, path, 200, {})).toThrow('is not described')
  })

  it.each([201, 418, 500])('refuses the status %i, which is not described', (status) => {
    expect(() => checkAnswer('GET', '/user', status, { message: 'x' })).toThrow(`to answer ${status}`)
  })

  it('refuses an error without GitHub’s words where it is of no described kind', () => {
    expect(() => checkAnswer('GET', '/orgs/acme-coffee/installations', 403, { message: 1 })).toThrow(
      'message must be string',
    )
  })

  it('refuses a body where none is described', () => {
    expect(() => checkAnswer('DELETE', '/applications/x/token', 204, { ok: true })).toThrow('without a body')
  })

  it('refuses a webhook that is not described, and one that lacks its sender', () => {
    expect(() => checkWebhook('installation-lost', {})).toThrow('is not described')
    expect(() => checkWebhook('installation-suspend', { action: 'suspend' })).toThrow('sender')
  })
})

function listInstallations(body: unknown): [Record<string, unknown>] {
  const list =
    typeof body === 'object' && body !== null && 'installations' in body ? body.installations : null
  if (!Array.isArray(list) || list.length !== 1) throw new Error('no single installation')
  return [list[0]]
}
