// Parses the rows of both stores, which are unknown until here, into the storage port's types.
import { ERRORS, FLOW_STATUSES, type ErrorCode, type FlowStatus, type GitHubAccount } from '../contract.ts'
import type { InstallationFacts } from './installation-facts.ts'
import type { Connection, Flow, SealedValue, StoredInstallation } from './storage.ts'

const MODES = { popup: true, redirect: true }
const THEMES = { light: true, dark: true }
const ACCOUNT_TYPES = { Organization: true, User: true }
const REASONS = { uninstalled: true, suspended: true, detached: true, unusable: true }

/** A flow, and the index of the installation it was used for, which outlives `flow.installation`. */
export interface FlowRow {
  readonly flow: Flow
  readonly usedIndex: string | null
}

export interface JobRow {
  readonly flowId: string
  readonly tenantId: string
  readonly attempts: number
  readonly outcomeUnknown: boolean
  readonly leaseOwner: string | null
  readonly requestId: string | null
}

export function parseFlowRow(value: unknown): FlowRow {
  const row = createRowReader('flows', value)
  const usedIndex = row.findText('installation_index')
  const error = row.findText('error')
  const flow = {
    flowId: row.getText('flow_id'),
    tenantId: row.getText('tenant_id'),
    userId: row.getText('user_id'),
    organization: row.findText('organization'),
    mode: row.getKey('mode', MODES),
    hostOrigin: row.getText('host_origin'),
    returnTo: row.getText('return_to'),
    locale: row.findText('locale'),
    theme: row.findText('theme') === null ? null : row.getKey('theme', THEMES),
    status: row.getKey('status', FLOW_STATUSES) satisfies FlowStatus,
    version: row.getInteger('version'),
    error: error === null ? null : (row.getKey('error', ERRORS) satisfies ErrorCode),
    account: parseAccount(row),
    stateHash: row.getText('state_hash'),
    stateSealed: row.findText('state_sealed'),
    installUrlSealed: row.findText('install_url_sealed'),
    partnerKey: row.findText('partner_key'),
    expectedAccount: row.findText('expected_account'),
    vouchedUntil: row.findInteger('vouched_until'),
    authorizationSealed: row.findText('authorization_sealed'),
    proof: row.getInteger('proved') === 1 ? { login: row.findText('proved_login') } : null,
    installation: parseInstallation(row),
    createdAt: row.getInteger('created_at'),
    updatedAt: row.getInteger('updated_at'),
    expiresAt: row.getInteger('expires_at'),
  }
  return { flow, usedIndex }
}

export function parseJobRow(value: unknown): JobRow {
  const row = createRowReader('binding_jobs', value)
  return {
    flowId: row.getText('flow_id'),
    tenantId: row.getText('tenant_id'),
    attempts: row.getInteger('attempts'),
    outcomeUnknown: row.getInteger('outcome_unknown') === 1,
    leaseOwner: row.findText('lease_owner'),
    requestId: row.findText('request_id'),
  }
}

export function parseConnectionRow(value: unknown): Connection {
  const row = createRowReader('connections', value)
  const login = row.getText('account_login')
  return {
    tenantId: row.getText('tenant_id'),
    organization: row.findText('organization'),
    installation: { sealed: row.getText('installation_sealed'), index: row.getText('installation_index') },
    account: { login, type: row.getKey('account_type', ACCOUNT_TYPES) },
    loginAtLayers: login,
    reason: row.findText('reason') === null ? null : row.getKey('reason', REASONS),
    connectedBy: row.getText('connected_by'),
    registeredAt: row.getInteger('registered_at'),
    checkedAt: row.getInteger('checked_at'),
  }
}

/** The facts in a row of `installation_facts`, or of a LEFT JOIN with it; undefined when the join found none. */
export function parseFactsRow(value: unknown): InstallationFacts | undefined {
  const row = createRowReader('installation_facts', value)
  if (row.findInteger('told_at') === null) return undefined
  const suspended = row.findInteger('suspended')
  return {
    removedAt: row.findInteger('removed_at'),
    suspension:
      suspended === null
        ? null
        : {
            isSuspended: suspended === 1,
            changedAt: row.getInteger('suspension_changed_at'),
            toldAt: row.getInteger('suspension_told_at'),
          },
    rename:
      row.findInteger('rename_changed_at') === null
        ? null
        : {
            login: row.findText('renamed_login'),
            changedAt: row.getInteger('rename_changed_at'),
            toldAt: row.getInteger('rename_told_at'),
          },
  }
}

/** What {@link parseFactsRow} reads. */
export function toFactsColumns({ removedAt, suspension, rename }: InstallationFacts) {
  return {
    removedAt,
    suspended: suspension === null ? null : Number(suspension.isSuspended),
    suspensionChangedAt: suspension?.changedAt ?? null,
    suspensionToldAt: suspension?.toldAt ?? null,
    renamedLogin: rename?.login ?? null,
    renameChangedAt: rename?.changedAt ?? null,
    renameToldAt: rename?.toldAt ?? null,
  }
}

export interface ReducibleRow {
  readonly sequence: number
  readonly flowId: string
  readonly tenantId: string
  readonly userId: string
}

export function parseReducibleRow(value: unknown): ReducibleRow {
  const row = createRowReader('flows', value)
  return {
    sequence: row.getInteger('sequence'),
    flowId: row.getText('flow_id'),
    tenantId: row.getText('tenant_id'),
    userId: row.getText('user_id'),
  }
}

/** The sealed values of a row of `flows`. */
export function parseSealedFlow(value: unknown): readonly SealedValue[] {
  const row = createRowReader('flows', value)
  const [tenantId, flowId] = [row.getText('tenant_id'), row.getText('flow_id')]
  return SEALED_COLUMNS.flatMap(([of, column]) => {
    const sealed = row.findText(column)
    return sealed === null ? [] : [{ of, tenantId, flowId, sealed }]
  })
}

const SEALED_COLUMNS = [
  ['state', 'state_sealed'],
  ['install-url', 'install_url_sealed'],
  ['installation', 'installation_sealed'],
  ['authorization', 'authorization_sealed'],
] as const

/** The sealed value of a row of `connections`. */
export function parseSealedConnection(value: unknown): SealedValue {
  const row = createRowReader('connections', value)
  const [tenantId, sealed] = [row.getText('tenant_id'), row.getText('installation_sealed')]
  return { of: 'connection', tenantId, flowId: null, sealed }
}

/** @throws Error when the value, of a statement that yields one column, is no text. */
export function parseText(value: unknown): string {
  if (typeof value !== 'string') throw new Error('storage: a text was expected')
  return value
}

function parseAccount(row: RowReader): GitHubAccount | null {
  const login = row.findText('account_login')
  return login === null ? null : { login, type: row.getKey('account_type', ACCOUNT_TYPES) }
}

function parseInstallation(row: RowReader): StoredInstallation | null {
  const sealed = row.findText('installation_sealed')
  return sealed === null ? null : { sealed, index: row.getText('installation_index') }
}

interface RowReader {
  getText(column: string): string
  findText(column: string): string | null
  getInteger(column: string): number
  findInteger(column: string): number | null
  /** The column's text, which must be one of the table's keys. */
  getKey<T extends object>(column: string, table: T): keyof T & string
}

// The errors name the column and never the value: it may be a secret.
export function createRowReader(table: string, row: unknown): RowReader {
  if (typeof row !== 'object' || row === null) throw new Error(`storage: no ${table} row`)
  const columns = new Map<string, unknown>(Object.entries(row))

  function findText(column: string): string | null {
    const value = columns.get(column)
    if (value !== null && typeof value !== 'string') throw new Error(`storage: ${table}.${column} is no text`)
    return value
  }

  function getText(column: string): string {
    const value = findText(column)
    if (value === null) throw new Error(`storage: ${table}.${column} is null`)
    return value
  }

  function getInteger(column: string): number {
    const value = columns.get(column)
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
      throw new Error(`storage: ${table}.${column} is no integer`)
    }
    return value
  }

  return {
    findText,
    getText,
    getInteger,
    findInteger: (column) => (columns.get(column) === null ? null : getInteger(column)),
    getKey(column, allowed) {
      const value = getText(column)
      if (!isKeyOf(allowed, value))
        throw new Error(`storage: ${table}.${column} has a value unknown to this version`)
      return value
    },
  }
}

function isKeyOf<T extends object>(table: T, key: string): key is keyof T & string {
  return Object.hasOwn(table, key)
}
