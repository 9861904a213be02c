// Proof with another App of the partner's: an owner of an organization sees every App that is installed there, and nobody else does.
import { describe, expect, it } from 'vitest'
import {
  ACME,
  claim,
  EXCHANGE,
  INSTALLATION,
  MONA,
  OWNER,
  PARTNER_APP,
  refusing,
  startGitHub,
} from './github-server.ts'

const USER = 'GET /api/v3/user'
const MEMBERSHIPS = 'GET /api/v3/user/memberships/orgs'
const MEMBERSHIP = 'GET /api/v3/user/memberships/orgs/acme-coffee'
const APPS = 'GET /api/v3/orgs/acme-coffee/installations'
const OTHER_APPS = 'GET /api/v3/orgs/nordwind-shop/installations'
const REVOKE = 'DELETE /api/v3/applications/Iv23liPartner/token'
const NORDWIND = { id: 43, login: 'nordwind-shop', type: 'Organization' }
const listing = (...installations: unknown[]) => ({ total_count: installations.length, installations })
const NOT_PROVED = { verdict: 'refused', code: 'ownership_not_proved' }
/** GitHub tied the id to an organization, and the person to it. */
const PROVED = { verdict: 'proved', login: null }

describe('without an expected account', () => {
  it('lets the owner of the organization through', async () => {
    const github = await startGitHub()
    expect(await github.prover(PARTNER_APP).prove(claim())).toEqual(PROVED)
    expect(github.routes).toEqual([EXCHANGE, MEMBERSHIPS, APPS, REVOKE])
    expect(github.received[1]?.query).toBe('?state=active&per_page=100&page=1')
  })

  it('looks into each organization the person owns, and into no other', async () => {
    const github = await startGitHub({
      [MEMBERSHIPS]: [
        { ...OWNER, role: 'member', organization: { id: 44, login: 'read-only' } },
        { ...OWNER, state: 'pending', organization: { id: 45, login: 'invited-to' } },
        { ...OWNER, organization: NORDWIND },
        OWNER,
      ],
      [OTHER_APPS]: listing({ ...INSTALLATION, id: 4712, account: NORDWIND }),
    })
    expect(await github.prover(PARTNER_APP).prove(claim())).toEqual(PROVED)
    expect(github.routes).toEqual([EXCHANGE, MEMBERSHIPS, OTHER_APPS, APPS, REVOKE])
  })

  it.each<[string, Record<string, unknown>]>([
    ['a member who may read', { [MEMBERSHIPS]: [{ ...OWNER, role: 'member' }] }],
    ['somebody without organizations', { [MEMBERSHIPS]: [] }],
    ['an owner of another organization', { [APPS]: listing({ ...INSTALLATION, id: 4712 }) }],
    ['this id, of another App', { [APPS]: listing({ ...INSTALLATION, app_slug: 'other-app' }) }],
    ['this id, on another account', { [APPS]: listing({ ...INSTALLATION, account: NORDWIND }) }],
    ['this id, on no account', { [APPS]: listing({ ...INSTALLATION, account: null }) }],
  ])('refuses %s', async (_, changes) => {
    const github = await startGitHub(changes)
    expect(await github.prover(PARTNER_APP).prove(claim())).toMatchObject(NOT_PROVED)
    expect(github.routes.at(-1)).toBe(REVOKE)
  })

  it('refuses when no code came back, without asking GitHub', async () => {
    const github = await startGitHub()
    expect(await github.prover(PARTNER_APP).prove(claim({ code: null }))).toMatchObject(NOT_PROVED)
    expect(github.routes).toEqual([])
  })

  it('gives up on somebody who owns more organizations than there is time for', async () => {
    const many = Array.from({ length: 51 }, (_, index) => ({
      ...OWNER,
      organization: { id: 1000 + index, login: 'acme-coffee' },
    }))
    const github = await startGitHub({ [MEMBERSHIPS]: many })
    const answer = await github.prover(PARTNER_APP).prove(claim())
    expect(answer).toMatchObject({
      verdict: 'failed',
      code: 'ownership_unavailable',
      reason: 'list too long',
    })
    expect(github.routes.filter((route) => route === APPS)).toHaveLength(50)
  })
})

describe('an organization that the App may not look into', () => {
  const CLOSED = refusing(403, {}, 'Resource not accessible by integration')
  const SIGN_ON = refusing(403, { 'x-github-sso': 'required; url=https://github.com/orgs/acme/sso' })

  it.each([
    ['without the permission', CLOSED],
    ['without the App', refusing(404)],
    ['without a session of its single sign-on', SIGN_ON],
  ])('%s does not matter when another one settles it', async (_, closed) => {
    const github = await startGitHub({
      [MEMBERSHIPS]: [{ ...OWNER, organization: NORDWIND }, OWNER],
      [OTHER_APPS]: closed,
    })
    expect(await github.prover(PARTNER_APP).prove(claim())).toEqual(PROVED)
  })

  it('is the customer’s to open when it wants single sign-on', async () => {
    const github = await startGitHub({ [APPS]: SIGN_ON })
    const answer = await github.prover(PARTNER_APP).prove(claim())
    expect(answer).toMatchObject({ verdict: 'failed', code: 'ownership_sign_on' })
  })

  it.each([
    ['may not be looked into', CLOSED],
    ['is hidden', refusing(404)],
  ])('is the partner’s to mend when it %s and nothing else settles it', async (_, closed) => {
    const github = await startGitHub({
      [MEMBERSHIPS]: [OWNER, { ...OWNER, organization: NORDWIND }],
      [APPS]: closed,
      [OTHER_APPS]: listing(),
    })
    const answer = await github.prover(PARTNER_APP).prove(claim())
    expect(answer).toMatchObject({ verdict: 'failed', code: 'ownership_misconfigured' })
    expect(answer).toHaveProperty('cure', expect.stringContaining('Administration: read'))
    expect(github.routes.at(-1)).toBe(REVOKE)
  })
})

describe('with an expected account', () => {
  it('asks for that organization only', async () => {
    const github = await startGitHub()
    const answer = await github.prover(PARTNER_APP).prove(claim({ expectedAccount: 'acme-coffee' }))
    expect(answer).toEqual(PROVED)
    expect(github.routes).toEqual([EXCHANGE, USER, MEMBERSHIP, APPS, REVOKE])
  })

  it.each<[string, Record<string, unknown>]>([
    ['a member who may read', { [MEMBERSHIP]: { ...OWNER, role: 'member' } }],
    ['an invitation that was not accepted', { [MEMBERSHIP]: { ...OWNER, state: 'pending' } }],
    ['somebody from outside', { [MEMBERSHIP]: refusing(404) }],
    ['an id that is not installed there', { [APPS]: listing({ ...INSTALLATION, id: 4712 }) }],
  ])('refuses %s', async (_, changes) => {
    const github = await startGitHub(changes)
    const answer = await github.prover(PARTNER_APP).prove(claim({ expectedAccount: 'acme-coffee' }))
    expect(answer).toMatchObject(NOT_PROVED)
  })

  it('lets the person’s own account through, for Layers to name the same', async () => {
    const github = await startGitHub()
    const answer = await github.prover(PARTNER_APP).prove(claim({ expectedAccount: 'Mona' }))
    expect(answer).toEqual({ verdict: 'proved', login: MONA.login })
    expect(github.routes).toEqual([EXCHANGE, USER, REVOKE])
  })

  it('refuses another person’s account', async () => {
    const github = await startGitHub()
    const answer = await github.prover(PARTNER_APP).prove(claim({ expectedAccount: 'trent' }))
    expect(answer).toMatchObject(NOT_PROVED)
  })

  it('refuses a personal account that nobody expected', async () => {
    const github = await startGitHub({
      [MEMBERSHIPS]: [],
      'GET /api/v3/user/installations': listing({ ...INSTALLATION, account: MONA }),
    })
    expect(await github.prover(PARTNER_APP).prove(claim())).toMatchObject(NOT_PROVED)
  })
})

it('looks into the organization as GitHub spells it', async () => {
  const spelled = { ...ACME, login: 'Acme-Coffee' }
  const github = await startGitHub({
    'GET /api/v3/user/memberships/orgs/ACME-COFFEE': { ...OWNER, organization: spelled },
    'GET /api/v3/orgs/Acme-Coffee/installations': listing(INSTALLATION),
  })
  const answer = await github.prover(PARTNER_APP).prove(claim({ expectedAccount: 'ACME-COFFEE' }))
  expect(answer).toEqual(PROVED)
})
