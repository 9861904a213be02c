// Single sign-on: without a session of it GitHub hides an organization, and its owner is told to sign in rather than refused.
import { describe, expect, it } from 'vitest'
import { importBroken } from './broken-prover.ts'
import {
  ACME,
  answering,
  claim,
  INSTALLATION,
  INSTALLATION_ID,
  MONA,
  OWN_APP,
  OWNER,
  PARTNER_APP,
  refusing,
  startGitHub,
} from './github-server.ts'

const APP_LOOKUP = `GET /api/v3/app/installations/${INSTALLATION_ID}`
const LIST = 'GET /api/v3/user/installations'
const MEMBERSHIPS = 'GET /api/v3/user/memberships/orgs'
const MEMBERSHIP = 'GET /api/v3/user/memberships/orgs/acme-coffee'
const APPS = 'GET /api/v3/orgs/acme-coffee/installations'
const OTHER_APPS = 'GET /api/v3/orgs/nordwind-shop/installations'
const NORDWIND = { id: 43, login: 'nordwind-shop', type: 'Organization' }
const listing = (...installations: unknown[]) => ({ total_count: installations.length, installations })

const SIGN_ON_FIRST = refusing(403, {
  'x-github-sso': 'required; url=https://github.com/orgs/acme-coffee/sso',
})
/** As GitHub sends it: with status 200, and the ids of what it left out. */
const leavingOut = (body: unknown) => answering(body, { 'x-github-sso': 'partial-results; organizations=42' })
const NEXT_PAGE = { link: '<https://api.github.com/?page=2>; rel="next"' }

const SIGN_ON = { verdict: 'failed', code: 'ownership_sign_on', reason: 'single sign-on needed' }
const NOT_PROVED = { verdict: 'refused', code: 'ownership_not_proved' }
const PROVED = { verdict: 'proved', login: null }

describe('with the installed App, a person without a session', () => {
  it.each<[string, Record<string, unknown>]>([
    ['GitHub does not show the membership', { [MEMBERSHIP]: SIGN_ON_FIRST, [LIST]: leavingOut(listing()) }],
    ['GitHub does not show the list', { [LIST]: SIGN_ON_FIRST }],
    ['GitHub leaves the organization out of the list', { [LIST]: leavingOut(listing()) }],
  ])('is told to sign in when %s', async (_, changes) => {
    const github = await startGitHub(changes)
    const answer = await github.prover(OWN_APP).prove(claim())
    expect(answer).toMatchObject(SIGN_ON)
    expect(answer).toHaveProperty('cure', expect.stringContaining('signs in'))
    expect(github.routes.at(-1)).toBe('DELETE /api/v3/applications/Iv23liOwn/token')
  })

  it('is told so by any page of the list', async () => {
    const header = 'x-github-sso'
    const partial = 'partial-results; organizations=42'
    let page = 0
    const github = await startGitHub({
      [LIST]: (...call: Parameters<ReturnType<typeof answering>>) => {
        page += 1
        answering(listing(), page === 1 ? { ...NEXT_PAGE, [header]: partial } : {})(...call)
      },
    })
    expect(await github.prover(OWN_APP).prove(claim())).toMatchObject(SIGN_ON)
    expect(page).toBe(2)
  })

  it('is let through when only others are left out', async () => {
    const github = await startGitHub({ [LIST]: leavingOut(listing(INSTALLATION)) })
    expect(await github.prover(OWN_APP).prove(claim())).toEqual(PROVED)
  })

  it.each<[string, Record<string, unknown>]>([
    ['has nothing to do with the organization', { [MEMBERSHIP]: refusing(404) }],
    ['is a member only', { [MEMBERSHIP]: { ...OWNER, role: 'member' } }],
    [
      'is somebody else than the account',
      { [APP_LOOKUP]: { ...INSTALLATION, account: { ...MONA, id: 8, login: 'trent' } } },
    ],
  ])('is refused all the same, and counted, when the person %s', async (_, changes) => {
    const github = await startGitHub({ ...changes, [LIST]: leavingOut(listing()) })
    expect(await github.prover(OWN_APP).prove(claim())).toMatchObject(NOT_PROVED)
  })
})

describe('with the partner’s App, a person without a session', () => {
  it.each<[string, Record<string, unknown>, string | null]>([
    ['the organization is left out of the list', { [MEMBERSHIPS]: leavingOut([]) }, null],
    ['GitHub does not show its Apps', { [APPS]: SIGN_ON_FIRST }, null],
    [
      'GitHub does not show the membership of the expected one',
      { [MEMBERSHIP]: SIGN_ON_FIRST },
      'acme-coffee',
    ],
    ['GitHub does not show the Apps of the expected one', { [APPS]: SIGN_ON_FIRST }, 'acme-coffee'],
    ['its list of Apps is not whole', { [APPS]: leavingOut(listing()) }, null],
  ])('is told to sign in when %s', async (_, changes, expectedAccount) => {
    const github = await startGitHub(changes)
    expect(await github.prover(PARTNER_APP).prove(claim({ expectedAccount }))).toMatchObject(SIGN_ON)
    expect(github.routes.at(-1)).toBe('DELETE /api/v3/applications/Iv23liPartner/token')
  })

  it('is let through by an organization that is in the list', async () => {
    const github = await startGitHub({ [MEMBERSHIPS]: leavingOut([OWNER]) })
    expect(await github.prover(PARTNER_APP).prove(claim())).toEqual(PROVED)
  })

  it.each<[string, Record<string, unknown>[]]>([
    ['before', [{ ...OWNER, organization: NORDWIND }, OWNER]],
    ['after', [OWNER, { ...OWNER, organization: NORDWIND }]],
  ])('is told to sign in also when an organization the App may not look into comes %s', async (_, owned) => {
    const github = await startGitHub({
      [MEMBERSHIPS]: owned,
      [APPS]: SIGN_ON_FIRST,
      [OTHER_APPS]: refusing(403, {}, 'Resource not accessible by integration'),
    })
    expect(await github.prover(PARTNER_APP).prove(claim())).toMatchObject(SIGN_ON)
  })

  it('is refused when nothing was left out', async () => {
    const github = await startGitHub({ [MEMBERSHIPS]: answering([]) })
    expect(await github.prover(PARTNER_APP).prove(claim())).toMatchObject(NOT_PROVED)
  })
})

it.each([
  ['own-app', OWN_APP, { [LIST]: leavingOut(listing()) }],
  ['partner-app', PARTNER_APP, { [MEMBERSHIPS]: leavingOut([]) }],
])(
  'would refuse an owner with OWNERSHIP=%s, were the header not read (control)',
  async (_, config, changes) => {
    const create = await importBroken({
      file: 'ownership/github-pages.ts',
      from: 'if (isPartial) throw',
      to: 'if (isPartial && false) throw',
    })
    const github = await startGitHub({ [APP_LOOKUP]: { ...INSTALLATION, account: ACME }, ...changes })
    expect(await github.prover(config, {}, create).prove(claim())).toMatchObject(NOT_PROVED)
  },
)
