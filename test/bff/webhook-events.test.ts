// What each of GitHub's webhooks tells about an installation: of the shapes GitHub sends, and of none it does not.
import { describe, expect, it } from 'vitest'
import { ZodError } from 'zod'
import { findAction, findFact } from '../../bff/webhooks/parse-event.ts'

const NOW = 1_900_000_000_000
const ID = 61_200_417
const AT = '2031-05-04T12:15:00Z'
const installation = { id: ID, node_id: 'x', updated_at: AT, account: { login: 'acme-coffee' } }
const account = { id: 1, login: 'acme-roasters', updated_at: AT, type: 'Organization' }
const ignored = undefined

describe('tells', () => {
  it.each([
    ['installation', { action: 'deleted', installation }, { kind: 'removed' }],
    ['installation', { action: 'deleted', installation: { id: ID } }, { kind: 'removed' }],
    ['installation', { action: 'suspend', installation }, { kind: 'suspended', changedAt: Date.parse(AT) }],
    [
      'installation',
      { action: 'unsuspend', installation },
      { kind: 'unsuspended', changedAt: Date.parse(AT) },
    ],
    [
      'installation',
      { action: 'suspend', installation: { ...installation, updated_at: '2031-05-04T14:15:00.000+02:00' } },
      { kind: 'suspended', changedAt: Date.parse(AT) },
    ],
    [
      'installation',
      { action: 'suspend', installation: { ...installation, updated_at: Date.parse(AT) / 1000 } },
      { kind: 'suspended', changedAt: Date.parse(AT) },
    ],
    [
      'installation_target',
      { action: 'renamed', installation: { id: ID, node_id: 'x' }, account, target_type: 'Organization' },
      { kind: 'renamed', login: 'acme-roasters', changedAt: Date.parse(AT) },
    ],
    [
      'installation_target',
      { action: 'renamed', installation, account: { login: 'acme_corp' } },
      { kind: 'renamed', login: 'acme_corp', changedAt: NOW },
    ],
  ])('%s %j as a fact', (event, payload, fact) => {
    expect(findFact(event, payload, NOW)).toEqual({ installationId: ID, fact })
  })

  it.each<[string, unknown]>([
    ['ping', { zen: 'x', hook_id: 1 }],
    ['installation', { action: 'created', installation }],
    ['installation', { action: 'new_permissions_accepted', installation }],
    ['installation', { installation }],
    ['installation', { action: ['deleted'], installation }],
    ['installation', { action: 'Deleted', installation }],
    ['installation_repositories', { action: 'removed', installation }],
    [
      'installation_target',
      { action: 'renamed', installation, account: { slug: 'an-enterprise', updated_at: AT } },
    ],
    ['github_app_authorization', { action: 'revoked' }],
    ['push', null],
    ['push', 'text'],
    ['deleted', { action: 'installation', installation }],
    ['constructor', {}],
  ])('nothing by %s %j', (event, payload) => {
    expect(findFact(event, payload, NOW)).toBe(ignored)
  })
})

describe('is refused, not guessed at, with', () => {
  it.each<[string, string, unknown]>([
    ['no installation', 'installation', { action: 'deleted' }],
    ['an id that is text', 'installation', { action: 'deleted', installation: { id: String(ID) } }],
    ['an id of 0', 'installation', { action: 'deleted', installation: { id: 0 } }],
    ['a negative id', 'installation', { action: 'deleted', installation: { id: -ID } }],
    ['an id that is no integer', 'installation', { action: 'deleted', installation: { id: 1.5 } }],
    ['an id that loses digits', 'installation', { action: 'deleted', installation: { id: 2 ** 53 } }],
    ['no time', 'installation', { action: 'suspend', installation: { id: ID } }],
    [
      'a time that is none',
      'installation',
      { action: 'suspend', installation: { id: ID, updated_at: 'soon' } },
    ],
    ['a time before 1970', 'installation', { action: 'suspend', installation: { id: ID, updated_at: -1 } }],
    ['no account', 'installation_target', { action: 'renamed', installation }],
    [
      'a name that is none',
      'installation_target',
      { action: 'renamed', installation, account: { ...account, login: '<b>acme</b>' } },
    ],
    ['an empty name', 'installation_target', { action: 'renamed', installation, account: { login: '' } }],
  ])('%s', (_, event, payload) => {
    expect(() => findFact(event, payload, NOW)).toThrow(ZodError)
  })
})

it('names an action only when it is a plain word', () => {
  expect(findAction({ action: 'new_permissions_accepted' })).toBe('new_permissions_accepted')
  for (const action of ['x'.repeat(65), 'line\nbreak', 'https://x', '', 7, null])
    expect(findAction({ action })).toBeUndefined()
})
