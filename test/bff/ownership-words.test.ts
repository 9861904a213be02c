// What GitHub says in words only: a 403 that has no header is told apart by them, so that nobody is sent to mend what is not broken.
import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import {
  claim,
  EXCHANGE,
  INSTALLATION,
  INSTALLATION_ID,
  OWN_APP,
  OWNER,
  PARTNER_APP,
  refusing,
  startGitHub,
} from './github-server.ts'

const APP_LOOKUP = `GET /api/v3/app/installations/${INSTALLATION_ID}`
const MEMBERSHIPS = 'GET /api/v3/user/memberships/orgs'
const MEMBERSHIP = 'GET /api/v3/user/memberships/orgs/acme-coffee'
const APPS = 'GET /api/v3/orgs/acme-coffee/installations'

const LIMIT = 'API rate limit exceeded for installation.'
const SECONDARY_LIMIT =
  'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
const ADDRESS =
  'Although you appear to have the correct authorization credentials, the `acme-coffee` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.'

const RATE_LIMITED = {
  verdict: 'failed',
  code: 'ownership_unavailable',
  reason: 'rate limited by GitHub',
}
const NOT_ALLOWED = {
  verdict: 'failed',
  code: 'ownership_misconfigured',
  reason: 'address not allowed',
}

it.each([
  ['of the App', OWN_APP, APP_LOOKUP, LIMIT],
  ['of the exchange', OWN_APP, EXCHANGE, SECONDARY_LIMIT],
  ['of the person', OWN_APP, MEMBERSHIP, SECONDARY_LIMIT],
  ['of the person, with the partner’s App', PARTNER_APP, MEMBERSHIPS, SECONDARY_LIMIT],
])('a rate limit %s passes by itself', async (_, config, route, message) => {
  const github = await startGitHub({ [route]: refusing(403, {}, message) })
  const answer = await github.prover(config).prove(claim())
  expect(answer).toMatchObject(RATE_LIMITED)
  expect(inspect(answer, { depth: null })).not.toMatch(/exceeded|Please wait/)
})

it.each([
  ['the App', OWN_APP, APP_LOOKUP],
  ['the person', OWN_APP, MEMBERSHIP],
  ['the person, with the partner’s App', PARTNER_APP, APPS],
])('an IP allow list that keeps out %s is the organization’s to change', async (_, config, route) => {
  const github = await startGitHub({ [route]: refusing(403, {}, ADDRESS) })
  const answer = await github.prover(config).prove(claim())
  expect(answer).toMatchObject(NOT_ALLOWED)
  expect(answer).toHaveProperty('cure', expect.stringContaining('IP allow list'))
  expect(inspect(answer, { depth: null })).not.toMatch(/acme-coffee|Although/)
})

it('an organization with an IP allow list does not matter when another one settles it', async () => {
  const nordwind = { id: 43, login: 'nordwind-shop', type: 'Organization' }
  const github = await startGitHub({
    [MEMBERSHIPS]: [{ ...OWNER, organization: nordwind }, OWNER],
    'GET /api/v3/orgs/nordwind-shop/installations': refusing(403, {}, ADDRESS),
    [APPS]: { total_count: 1, installations: [INSTALLATION] },
  })
  expect(await github.prover(PARTNER_APP).prove(claim())).toMatchObject({ verdict: 'proved' })
})

it.each([
  ['something else', 'Resource not accessible by integration'],
  ['nothing', ''],
])('a 403 that says %s is a missing permission', async (_, message) => {
  const github = await startGitHub({ [MEMBERSHIP]: refusing(403, {}, message) })
  expect(await github.prover(OWN_APP).prove(claim())).toMatchObject({ reason: 'App lacks a permission' })
})
