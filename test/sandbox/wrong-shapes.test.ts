// Answers of the Layers side that a client must not trust.

import { describe, expect, it } from 'vitest'
import { installOnGithub, RETURN_URL, startTestSandbox } from './sandbox-client.ts'

const INSTALL_URL = `/v1/github/installation/install-url?${new URLSearchParams({ returnUrl: RETURN_URL })}`

const distort = async (shape: string) => {
  const { call, sandbox } = await startTestSandbox()
  sandbox.scenario('wrong_shape_next', { route: 'install_url', shape })
  const answer = await call('GET', INSTALL_URL)
  return { answer, sandbox, state: sandbox.states[0]?.state ?? '' }
}

describe('wrong_shape_next', () => {
  it('html: a page instead of JSON', async () => {
    const { answer } = await distort('html')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.text).toContain('<!doctype html>')
  })

  it('empty: no body', async () => {
    const { answer } = await distort('empty')
    expect(answer.text).toBe('')
    expect(answer.headers.get('content-type')).toContain('application/json')
  })

  it('truncated: half a body', async () => {
    const { answer } = await distort('truncated')
    expect(answer.text).toMatch(/^\{"authUrl":/)
    expect(answer.json).toBeUndefined()
  })

  it('missing_fields: only the first one', async () => {
    const { answer } = await distort('missing_fields')
    expect(Object.keys(answer.json ?? {})).toEqual(['authUrl'])
  })

  it('wrong_types: all fields, none as documented', async () => {
    const { answer } = await distort('wrong_types')
    expect(answer.json).toEqual({ authUrl: 42, installUrl: 42, state: 42, expiresAt: 42 })
  })

  it('wrong_types of a binding: a number as text, an object as text', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    test.sandbox.scenario('wrong_shape_next', { route: 'bind', shape: 'wrong_types' })
    const { json } = await test.bind(installationId, state)
    expect(json).toMatchObject({ installationId: '61200417', githubAccount: 'not an object', status: 42 })
  })

  it('huge: a right answer with a megabyte of padding', async () => {
    const { answer } = await distort('huge')
    expect(answer.text.length).toBeGreaterThan(1024 * 1024)
    expect(answer.json).toHaveProperty('authUrl')
  })

  it('other_state: a state that was not issued, in the field and in both URLs', async () => {
    const { answer, state } = await distort('other_state')
    expect(answer.json?.['state']).not.toBe(state)
    expect(new URL(String(answer.json?.['authUrl'])).searchParams.get('state')).toBe(answer.json?.['state'])
    expect(answer.json?.['installUrl']).toBe(answer.json?.['authUrl'])
  })

  it('other_host: both URLs on a host that looks like GitHub', async () => {
    const { answer, state } = await distort('other_host')
    expect(answer.json?.['authUrl']).toMatch(/^https:\/\/github\.com\.example\.net\/apps\/layers-connector\//)
    expect(answer.json?.['installUrl']).toBe(answer.json?.['authUrl'])
    expect(answer.json?.['state']).toBe(state)
  })

  it('expired: an hour ago', async () => {
    const { answer } = await distort('expired')
    expect(answer.json?.['expiresAt']).toBe('2026-07-02T09:30:00.250Z')
  })

  it('redirect: a 302 away from Layers', async () => {
    const { answer, sandbox } = await distort('redirect')
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe(`${sandbox.githubUrl}/moved`)
  })

  it('other_installation: an id that was not asked about', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    test.sandbox.scenario('wrong_shape_next', { route: 'bind', shape: 'other_installation' })
    expect((await test.bind(installationId, state)).json?.['installationId']).toBe(installationId + 1)
    expect(test.sandbox.bindings[0]?.installationId).toBe(installationId)
  })
})
