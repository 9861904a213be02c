// The small decisions of a return, case by case: where it leads, whether the right person is there, and what is still missing.
import { describe, expect, it } from 'vitest'
import { nextStatusOf } from '../../bff/flows/next-status.ts'
import { findPersonProblem } from '../../bff/flows/person-problem.ts'
import { resolveReturnTo } from '../../bff/flows/return-to.ts'
import type { Identity } from '../../bff/identify.ts'
import { openSqliteStorage } from '../../bff/storage/sqlite.ts'
import { createScenario, START_AT } from '../storage/scenario.ts'

describe('where a redirect flow ends', () => {
  const HOST = 'https://app.example.com'

  it.each<[string | undefined, string]>([
    [undefined, '/'],
    ['', '/'],
    ['/settings?tab=git#github', '/settings?tab=git#github'],
    ['settings', '/settings'],
    [`${HOST}/settings`, '/settings'],
    [HOST, '/'],
    [`/${'a'.repeat(2047)}`, `/${'a'.repeat(2047)}`],
    [`/${'a'.repeat(2048)}`, '/'],
    ['http://', '/'],
    ['//evil.example/', '/'],
    ['https://app.example.com.evil.example/', '/'],
    [`blob:${HOST}/settings`, '/'],
  ])('for “%s” is %s of the host page', (returnTo, path) => {
    expect(resolveReturnTo(returnTo, HOST)).toBe(HOST + path)
  })
})

describe('whoever is there', async () => {
  const storage = await openSqliteStorage({ file: ':memory:', now: () => START_AT })
  const scenario = createScenario(storage, { now: START_AT })
  const shared = await scenario.waiting()
  const own = await scenario.waiting({ organization: 'org_1', userId: 'user-b' })
  await storage.close()
  const starter: Identity = { tenantId: 'tenant-a', userId: 'user-a', canConnect: true }
  const inOrganization = { ...starter, userId: 'user-b', layersOrganization: 'org_1' }

  it('may go on as the person who started', () => {
    expect(findPersonProblem(shared, starter)).toBeUndefined()
    expect(findPersonProblem(own, inOrganization)).toBeUndefined()
  })

  it('may go on when it is not known', () => {
    expect(findPersonProblem(shared, null)).toBeUndefined()
  })

  it.each<[string, Identity]>([
    ['a colleague', { ...starter, userId: 'user-b' }],
    ['somebody of another tenant with the same name', { ...starter, tenantId: 'tenant-b' }],
    ['in another organization of Layers', { ...starter, layersOrganization: 'org_1' }],
    ['a colleague without the role', { ...starter, userId: 'user-b', canConnect: false }],
  ])('may not go on as %s', (_, person) => {
    expect(findPersonProblem(shared, person)).toBe('session_mismatch')
  })

  it('may not go on when the tenant’s organization is another by now, or gone', () => {
    expect(findPersonProblem(own, { ...inOrganization, layersOrganization: 'org_2' })).toBe(
      'session_mismatch',
    )
    expect(findPersonProblem(own, { ...inOrganization, layersOrganization: undefined })).toBe(
      'session_mismatch',
    )
  })

  it('may not go on without the role', () => {
    expect(findPersonProblem(shared, { ...starter, canConnect: false })).toBe('forbidden')
  })
})

describe('a return', () => {
  const createUrl = (): string => 'https://github.example/login/oauth/authorize'
  const withCode = { authorization: { acceptsReturnCode: true, createUrl } }

  it('needs nothing more when no proof of ownership is asked for, or one that needs no code', () => {
    expect(nextStatusOf(null, false)).toBe('binding')
    expect(nextStatusOf({ authorization: null }, false)).toBe('binding')
    expect(nextStatusOf({ authorization: null }, true)).toBe('binding')
  })

  it('needs GitHub’s word on who the customer is, unless it brought a code for that', () => {
    expect(nextStatusOf(withCode, false)).toBe('authorizing')
    expect(nextStatusOf(withCode, true)).toBe('binding')
  })
})
