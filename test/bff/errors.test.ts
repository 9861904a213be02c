// The table of errors: every code is used, and what is sent says nothing else.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ERRORS, FLOW_STATUSES, type ErrorCode } from '../../bff/contract.ts'
import { ConnectError, toConnectError, toWireError } from '../../bff/errors.ts'
import { wireErrorSchema } from '../../bff/wire-schemas.ts'

const room = fileURLToPath(new URL('../../bff', import.meta.url))
const sources = readdirSync(room, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !/^(dist|node_modules)\b/.test(file))
  .map((file) => ({ file, text: readFileSync(join(room, file), 'utf8') }))
const codes = Object.keys(ERRORS).filter((code): code is ErrorCode => Object.hasOwn(ERRORS, code))

describe('an error code', () => {
  it.each(codes)('%s is used somewhere', (code) => {
    const users = sources.filter(({ file, text }) => file !== 'contract.ts' && text.includes(`'${code}'`))
    expect(users.map(({ file }) => file)).not.toEqual([])
  })

  it.each(codes)('%s has a status, a public sentence, and somebody who can act', (code) => {
    const { status, text, actor, retryable } = ERRORS[code]
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(600)
    expect(text).toMatch(/^[A-Z].*\.$/)
    expect(text).not.toMatch(/layers api|partner|key|scope|domain|installation_id|[A-Z]{2,}_|http/i)
    expect(['user', 'partner', 'nobody']).toContain(actor)
    expect(typeof retryable).toBe('boolean')
  })

  it.each(codes)('%s is sent as code, public message and request id', (code) => {
    const error = new ConnectError(code, {
      detail: 'the cure',
      cause: new Error('secret'),
      retryAfterSeconds: 5,
    })
    const wire = toWireError(error, 'req_1')
    expect(wire).toEqual({ error: { code, message: ERRORS[code].text, requestId: 'req_1' } })
    expect(wireErrorSchema.parse(wire)).toEqual(wire)
    expect(JSON.stringify(wire)).not.toMatch(/cure|secret/)
  })
})

describe('anything else that is thrown', () => {
  it.each([
    new Error('secret'),
    new TypeError('secret'),
    'secret',
    undefined,
    null,
    { code: 'forbidden', status: 200, message: 'secret' },
  ])('is an internal error that says nothing: %s', (thrown) => {
    const error = toConnectError(thrown)
    expect(error).toMatchObject({ code: 'internal', status: 500 })
    expect(JSON.stringify(toWireError(error, 'r'))).not.toContain('secret')
  })

  it('unless it is ours', () => {
    const ours = new ConnectError('forbidden')
    expect(toConnectError(ours)).toBe(ours)
  })
})

describe('a flow’s status', () => {
  it.each(Object.keys(FLOW_STATUSES))('%s is used somewhere', (status) => {
    expect(
      sources.filter(({ file, text }) => file !== 'contract.ts' && text.includes(`'${status}'`)).length,
    ).toBeGreaterThan(0)
  })
})
