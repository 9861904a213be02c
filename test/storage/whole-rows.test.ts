// Whole rows, column by column, as both stores hand them out. Over 250 lines because every column is written out.
import { describe, expect, test } from 'vitest'
import { ERRORS, FLOW_STATUSES } from '../../bff/contract.ts'
import { parseKnownConnection, toConnection } from '../../bff/storage/known-connection.ts'
import {
  parseConnectionRow,
  parseFlowRow,
  parseJobRow,
  parseReducibleRow,
  parseSealedConnection,
  parseSealedFlow,
} from '../../bff/storage/rows.ts'

const FLOW = {
  sequence: 12,
  flow_id: 'flow',
  tenant_id: 'tenant',
  user_id: 'user',
  organization: 'org',
  mode: 'popup',
  host_origin: 'https://app.example.com',
  return_to: 'https://app.example.com/x',
  locale: 'de-AT',
  theme: 'dark',
  status: 'binding',
  version: 3,
  error: 'kill_switch',
  account_login: 'acme',
  account_type: 'Organization',
  state_hash: 'state-hash',
  state_sealed: 'state-sealed',
  install_url_sealed: 'url-sealed',
  partner_key: 'key-1',
  expected_account: 'Acme',
  vouched_until: 8,
  authorization_sealed: 'code-sealed',
  proved: 1,
  proved_login: 'acme',
  installation_sealed: 'installation-sealed',
  installation_index: 'index',
  created_at: 5,
  updated_at: 6,
  expires_at: 7,
}

const EMPTY_FLOW = {
  ...FLOW,
  organization: null,
  locale: null,
  theme: null,
  error: null,
  account_login: null,
  account_type: null,
  state_sealed: null,
  install_url_sealed: null,
  partner_key: null,
  expected_account: null,
  vouched_until: null,
  authorization_sealed: null,
  proved: 0,
  proved_login: null,
  installation_sealed: null,
  installation_index: null,
}

describe('a row of flows', () => {
  test('is read with all that it has', () => {
    expect(parseFlowRow(FLOW)).toEqual({
      usedIndex: 'index',
      flow: {
        flowId: 'flow',
        tenantId: 'tenant',
        userId: 'user',
        organization: 'org',
        mode: 'popup',
        hostOrigin: 'https://app.example.com',
        returnTo: 'https://app.example.com/x',
        locale: 'de-AT',
        theme: 'dark',
        status: 'binding',
        version: 3,
        error: 'kill_switch',
        account: { login: 'acme', type: 'Organization' },
        stateHash: 'state-hash',
        stateSealed: 'state-sealed',
        installUrlSealed: 'url-sealed',
        partnerKey: 'key-1',
        expectedAccount: 'Acme',
        vouchedUntil: 8,
        authorizationSealed: 'code-sealed',
        proof: { login: 'acme' },
        installation: { sealed: 'installation-sealed', index: 'index' },
        createdAt: 5,
        updatedAt: 6,
        expiresAt: 7,
      },
    })
  })

  test('is read with all that it may lack', () => {
    expect(parseFlowRow(EMPTY_FLOW)).toMatchObject({
      usedIndex: null,
      flow: {
        organization: null,
        locale: null,
        theme: null,
        error: null,
        account: null,
        stateSealed: null,
        installUrlSealed: null,
        partnerKey: null,
        expectedAccount: null,
        vouchedUntil: null,
        authorizationSealed: null,
        proof: null,
        installation: null,
      },
    })
    // The index outlives the installation; a proof of the installation itself names nobody.
    expect(parseFlowRow({ ...FLOW, installation_sealed: null, proved_login: null })).toMatchObject({
      usedIndex: 'index',
      flow: { installation: null, proof: { login: null } },
    })
  })

  test('is read in every status and mode, with every error and type of account, and with no other', () => {
    const words = {
      status: Object.keys(FLOW_STATUSES),
      mode: ['popup', 'redirect'],
      theme: ['light', 'dark'],
      error: Object.keys(ERRORS),
      account_type: ['Organization', 'User'],
    }
    for (const [column, known] of Object.entries(words)) {
      for (const word of known) expect(() => parseFlowRow({ ...FLOW, [column]: word })).not.toThrow()
      for (const word of ['', 'else', 'constructor'])
        expect(() => parseFlowRow({ ...FLOW, [column]: word })).toThrow(
          `storage: flows.${column} has a value`,
        )
    }
  })

  test('is read for what tells whose it was, and for what is sealed in it', () => {
    const key = { tenantId: 'tenant', flowId: 'flow' }
    expect(parseReducibleRow(FLOW)).toEqual({ ...key, sequence: 12, userId: 'user' })
    expect(parseSealedFlow(FLOW)).toEqual([
      { ...key, of: 'state', sealed: 'state-sealed' },
      { ...key, of: 'install-url', sealed: 'url-sealed' },
      { ...key, of: 'installation', sealed: 'installation-sealed' },
      { ...key, of: 'authorization', sealed: 'code-sealed' },
    ])
    expect(parseSealedFlow(EMPTY_FLOW)).toEqual([])
    expect(() => parseReducibleRow({})).toThrow('storage: flows.sequence is no integer')
    expect(() => parseSealedFlow({})).toThrow('storage: flows.tenant_id is no text')
  })
})

test('a row of binding jobs is read', () => {
  const row = {
    flow_id: 'flow',
    tenant_id: 'tenant',
    attempts: 2,
    outcome_unknown: 1,
    lease_owner: 'owner',
    request_id: 'req_1',
  }
  const job = {
    flowId: 'flow',
    tenantId: 'tenant',
    attempts: 2,
    outcomeUnknown: true,
    leaseOwner: 'owner',
    requestId: 'req_1',
  }
  expect(parseJobRow(row)).toEqual(job)
  const bare = { ...row, outcome_unknown: 0, lease_owner: null, request_id: null }
  expect(parseJobRow(bare)).toEqual({ ...job, outcomeUnknown: false, leaseOwner: null, requestId: null })
})

describe('a row of connections', () => {
  const row = {
    tenant_id: 'tenant',
    organization: 'org',
    installation_sealed: 'sealed',
    installation_index: 'index',
    account_login: 'acme',
    account_type: 'User',
    reason: null,
    connected_by: 'user',
    registered_at: 1,
    checked_at: 2,
    asked_at: 3,
    told_at: null,
  }
  const connection = {
    tenantId: 'tenant',
    organization: 'org',
    installation: { sealed: 'sealed', index: 'index' },
    account: { login: 'acme', type: 'User' },
    loginAtLayers: 'acme',
    reason: null,
    connectedBy: 'user',
    registeredAt: 1,
    checkedAt: 2,
  }
  const told = {
    told_at: 9,
    removed_at: null,
    suspended: 1,
    suspension_changed_at: 1,
    suspension_told_at: 9,
    renamed_login: 'roasters',
    rename_changed_at: 1,
    rename_told_at: 9,
  }

  test('is read, with and without an organization and a reason', () => {
    expect(parseConnectionRow(row)).toEqual(connection)
    expect(parseConnectionRow({ ...row, organization: null })).toEqual({ ...connection, organization: null })
    for (const reason of ['uninstalled', 'suspended', 'detached', 'unusable'])
      expect(parseConnectionRow({ ...row, reason })).toEqual({ ...connection, reason })
    for (const column of ['reason', 'account_type'])
      expect(() => parseConnectionRow({ ...row, [column]: 'else' })).toThrow(
        `connections.${column} has a value`,
      )
  })

  test('is read for what is sealed in it', () => {
    const sealed = { of: 'connection', tenantId: 'tenant', flowId: null, sealed: 'sealed' }
    expect(parseSealedConnection(row)).toEqual(sealed)
    expect(() => parseSealedConnection({})).toThrow('storage: connections.tenant_id is no text')
  })

  test('is what Layers said, until webhooks told something else', () => {
    expect(parseKnownConnection(undefined)).toBeUndefined()
    expect(toConnection(parseKnownConnection(row))).toEqual(connection)
    const known = parseKnownConnection({ ...row, ...told })
    expect(known).toMatchObject({
      stored: connection,
      askedAt: 3,
      facts: { suspension: { isSuspended: true } },
    })
    expect(toConnection(known)).toEqual({
      ...connection,
      account: { login: 'roasters', type: 'User' },
      reason: 'suspended',
    })
    expect(() => parseKnownConnection({ ...row, asked_at: null })).toThrow(
      'connections.asked_at is no integer',
    )
  })
})
