// The rules by which GitHub's webhooks and Layers' answers together say what a connection is, each with its edge.
import { describe, expect, test } from 'vitest'
import type { ReconnectReason } from '../../bff/contract.ts'
import {
  addFact,
  applyFacts,
  DELIVERIES_KEPT_MS,
  endsRename,
  type InstallationFacts,
  UNCONNECTED_KEPT_MS,
} from '../../bff/storage/installation-facts.ts'
import { findNews, toConnection, type KnownConnection } from '../../bff/storage/known-connection.ts'

const AT = 1_800_000_000_000
const CHANGED = 1_700_000_000_000
const TEN_MINUTES_MS = 10 * 60_000
const OLD = { login: 'acme-coffee', type: 'Organization' } as const
const NEW = { login: 'acme-roasters', type: 'Organization' } as const
const NOTHING: InstallationFacts = { removedAt: null, suspension: null, rename: null }
const suspended = (isSuspended: boolean): InstallationFacts => ({
  ...NOTHING,
  suspension: { isSuspended, changedAt: CHANGED, toldAt: AT },
})
const renamed = (login: string | null): InstallationFacts => ({
  ...NOTHING,
  rename: { login, changedAt: CHANGED, toldAt: AT },
})

test('deliveries are kept longer than any GitHub sends one again, facts without a connection for a day', () => {
  expect(DELIVERIES_KEPT_MS).toBe(8 * 86_400_000)
  expect(UNCONNECTED_KEPT_MS).toBe(86_400_000)
})

describe('a removal', () => {
  test('is noted once, for good, beside what else is known', () => {
    expect(addFact(undefined, { kind: 'removed' }, AT)).toEqual({ ...NOTHING, removedAt: AT })
    expect(addFact(suspended(true), { kind: 'removed' }, AT)).toEqual({ ...suspended(true), removedAt: AT })
    expect(addFact({ ...NOTHING, removedAt: AT }, { kind: 'removed' }, AT + 1)).toBeUndefined()
  })
})

describe('a suspension, or its end', () => {
  const fact = (kind: 'suspended' | 'unsuspended', after: number) => ({ kind, changedAt: CHANGED + after })

  test('is noted when nothing is known', () => {
    expect(addFact(undefined, fact('suspended', 0), AT)).toEqual(suspended(true))
    expect(addFact(NOTHING, fact('unsuspended', 0), AT)).toEqual(suspended(false))
  })

  test('counts when it is newer than what is known', () => {
    expect(addFact(suspended(true), fact('unsuspended', 1), AT + 5)).toEqual({
      ...NOTHING,
      suspension: { isSuspended: false, changedAt: CHANGED + 1, toldAt: AT + 5 },
    })
    expect(addFact(suspended(true), fact('unsuspended', -1), AT)).toBeUndefined()
    expect(addFact(suspended(false), fact('suspended', -1), AT)).toBeUndefined()
  })

  test('of the same second is believed when it is the suspension', () => {
    expect(addFact(suspended(false), fact('suspended', 0), AT)).toEqual(suspended(true))
    expect(addFact(suspended(true), fact('unsuspended', 0), AT)).toBeUndefined()
    expect(addFact(suspended(true), fact('suspended', 0), AT)).toBeUndefined()
    expect(addFact(suspended(false), fact('unsuspended', 0), AT)).toBeUndefined()
  })
})

describe('a rename', () => {
  const fact = (login: string, after: number) => ({
    kind: 'renamed' as const,
    login,
    changedAt: CHANGED + after,
  })

  test('is noted when nothing or something older is known', () => {
    expect(addFact(undefined, fact('b', 0), AT)).toEqual(renamed('b'))
    expect(addFact(renamed('c'), fact('b', 1), AT)).toMatchObject({
      rename: { login: 'b', changedAt: CHANGED + 1 },
    })
    expect(addFact(renamed('a'), fact('b', -1), AT)).toBeUndefined()
  })

  test('of the same second is the one that sorts last, in every process', () => {
    expect(addFact(renamed('b'), fact('c', 0), AT)).toEqual(renamed('c'))
    expect(addFact(renamed('b'), fact('a', 0), AT)).toBeUndefined()
    expect(addFact(renamed('b'), fact('b', 0), AT)).toBeUndefined()
  })

  test('of the same second as one that is over says nothing', () => {
    for (const login of ['b', '7']) expect(addFact(renamed(null), fact(login, 0), AT)).toBeUndefined()
    expect(addFact(renamed(null), fact('b', 1), AT)).toMatchObject({ rename: { login: 'b' } })
  })
})

describe('a connection', () => {
  const reasonOf = (reason: ReconnectReason | null, facts: InstallationFacts | undefined, askedAt = AT) =>
    applyFacts({ reason, account: OLD, askedAt }, facts).reason

  test('is what Layers says when GitHub has told nothing', () => {
    expect(applyFacts({ reason: 'unusable', account: OLD, askedAt: AT }, undefined)).toEqual({
      reason: 'unusable',
      account: OLD,
    })
    expect(applyFacts({ reason: null, account: OLD, askedAt: AT }, NOTHING)).toEqual({
      reason: null,
      account: OLD,
    })
    expect(reasonOf('detached', NOTHING)).toBe('detached')
  })

  test('is uninstalled when GitHub says so, whatever Layers says', () => {
    const removed = { ...suspended(true), removedAt: AT }
    expect(reasonOf(null, removed, AT + TEN_MINUTES_MS * 2)).toBe('uninstalled')
    expect(reasonOf('suspended', removed)).toBe('uninstalled')
  })

  test('is suspended until Layers, asked more than ten minutes after we were told, says that it works', () => {
    expect(reasonOf(null, suspended(true), AT + TEN_MINUTES_MS)).toBe('suspended')
    expect(reasonOf(null, suspended(true), AT + TEN_MINUTES_MS + 1)).toBeNull()
    expect(reasonOf('detached', suspended(true))).toBe('detached')
    expect(reasonOf('suspended', suspended(true), AT + TEN_MINUTES_MS + 1)).toBe('suspended')
  })

  test('works when the suspension is over and Layers was asked before that', () => {
    expect(reasonOf('suspended', suspended(false), AT)).toBeNull()
    expect(reasonOf('suspended', suspended(false), AT + 1)).toBe('suspended')
    expect(reasonOf('detached', suspended(false), AT)).toBe('detached')
    expect(reasonOf(null, suspended(false), AT)).toBeNull()
  })

  test('bears the name that GitHub told last', () => {
    const accountOf = (facts: InstallationFacts) =>
      applyFacts({ reason: null, account: OLD, askedAt: AT }, facts).account
    expect(accountOf(renamed('acme-roasters'))).toEqual(NEW)
    expect(accountOf(renamed(null))).toEqual(OLD)
  })
})

describe('the name that GitHub told', () => {
  const ends = (facts: InstallationFacts | undefined, login: string, askedAt: number): boolean =>
    endsRename(facts, { account: OLD }, { account: { ...OLD, login }, askedAt })

  test('holds until Layers, asked later, says another name than before', () => {
    expect(ends(renamed('acme-roasters'), 'acme-roasters', AT + 1)).toBe(true)
    expect(ends(renamed('acme-roasters'), 'acme-roasters', AT)).toBe(false)
    expect(ends(renamed('acme-roasters'), OLD.login, AT + 1)).toBe(false)
  })

  test('has nothing to end when there is none', () => {
    expect(ends(undefined, 'acme-roasters', AT + 1)).toBe(false)
    expect(ends(NOTHING, 'acme-roasters', AT + 1)).toBe(false)
    expect(ends(renamed(null), 'acme-roasters', AT + 1)).toBe(false)
  })
})

describe('a check', () => {
  const known: KnownConnection = {
    stored: {
      tenantId: 'tenant-a',
      organization: null,
      installation: { sealed: 'sealed', index: 'index-1' },
      account: OLD,
      loginAtLayers: OLD.login,
      reason: null,
      connectedBy: 'user-a',
      registeredAt: AT,
      checkedAt: AT,
    },
    askedAt: AT,
    facts: undefined,
  }
  const check = { installationIndex: 'index-1', reason: 'suspended', account: NEW } as const

  test('is news of the installation that is connected', () => {
    expect(findNews(known, check, AT + 5)).toEqual({ reason: 'suspended', account: NEW, askedAt: AT + 5 })
    expect(findNews(known, { ...check, askedAt: AT + 1.7 }, AT + 5)).toMatchObject({ askedAt: AT + 1 })
    expect(findNews(known, { ...check, account: null }, AT)).toMatchObject({ account: OLD })
  })

  test('is none of another installation, or when nothing is connected', () => {
    expect(findNews(known, { ...check, installationIndex: 'index-2' }, AT)).toBeUndefined()
    expect(findNews(undefined, check, AT)).toBeUndefined()
    expect(toConnection(undefined)).toBeUndefined()
  })

  test('is none when Layers was asked something later', () => {
    expect(findNews(known, { ...check, askedAt: AT - 1 }, AT + 5)).toBeUndefined()
    expect(findNews(known, { ...check, askedAt: AT }, AT + 5)).toMatchObject({ askedAt: AT })
    expect(findNews(known, { ...check, askedAt: AT - 1 }, AT)).toBeUndefined()
  })

  test('is news when what is known was asked in the future, by a clock that has stepped back since', () => {
    expect(findNews(known, { ...check, askedAt: AT - 5 }, AT - 1)).toMatchObject({ askedAt: AT - 5 })
  })
})
