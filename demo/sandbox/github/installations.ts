// Installations of one App and requests for them: what GitHub itself knows and changes.

import type { Clock } from '../clock.ts'
import type { RecordedInstallation, RecordedPendingRequest } from '../records.ts'
import type { Account, Repository, User } from './catalogue.ts'
import type { Directory } from './directory.ts'
import type { InstallationChange } from './installation-changes.ts'

/** Which repositories an installation may see: all, also future ones, or a list of full names. */
export type Selection = 'all' | readonly string[]

/** Who does it; default an owner of the account, as if in the settings of GitHub. */
type Actor = User | undefined

export interface Installations {
  findById(installationId: number): RecordedInstallation | undefined
  findByAccount(login: string): RecordedInstallation | undefined
  findRequest(login: string): RecordedPendingRequest | undefined
  /** Installs, or changes the selection when the account has the App already: there is one installation per account. */
  install(login: string, selection: Selection, by?: Actor): RecordedInstallation
  /** Removes the installation; its id never comes back. Returns false when there was none. */
  uninstall(login: string, by?: Actor): boolean
  /** Returns false when there is no installation. */
  setSuspended(login: string, isSuspended: boolean, by?: Actor): boolean
  /** A member asks; asking again replaces the earlier request. */
  request(login: string, requestedBy: string, selection: Selection): void
  /** An owner approves: the request becomes an installation. Undefined when nobody asked. */
  approve(login: string, by?: Actor): RecordedInstallation | undefined
  /** An owner denies: the request is gone. Returns false when nobody asked. */
  deny(login: string): boolean
  /** Repositories the installation can see, sorted by full name; none when it does not exist. */
  listRepositories(installationId: number): readonly Repository[]
  list(): RecordedInstallation[]
  listRequests(): RecordedPendingRequest[]
}

export interface InstallationsOptions {
  readonly clock: Clock
  readonly directory: Directory
  /** GitHub numbers the installations of all Apps in one sequence. */
  readonly nextId: () => number
  /** Told after each change, with how the installation is now, or was before it was deleted. */
  readonly onChange: (change: InstallationChange) => void
}

/** By numbers of account and repositories, which stay when a name changes. */
interface Row extends Pick<
  RecordedInstallation,
  'installationId' | 'createdAt' | 'updatedAt' | 'suspendedAt' | 'suspendedBy' | 'requestedBy'
> {
  readonly accountId: number
  /** `null`: all. */
  readonly selectedRepoIds: readonly number[] | null
}

interface RequestRow extends Pick<RecordedPendingRequest, 'requestedBy' | 'requestedAt'> {
  readonly accountId: number
  readonly selectedRepoIds: readonly number[] | null
}

export function createInstallations({
  clock,
  directory,
  nextId,
  onChange,
}: InstallationsOptions): Installations {
  const rows = new Map<number, Row>()
  const requests = new Map<number, RequestRow>()

  const findRow = (login: string) => rows.get(directory.findAccount(login)?.accountId ?? 0)
  const findRequestRow = (login: string) => requests.get(directory.findAccount(login)?.accountId ?? 0)

  function describe(row: Row): RecordedInstallation {
    const account = directory.getAccountById(row.accountId)
    return {
      installationId: row.installationId,
      account: { login: account.login, type: account.type },
      ...describeSelection(account, row.selectedRepoIds),
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
      suspendedAt: row.suspendedAt,
      suspendedBy: row.suspendedBy,
      requestedBy: row.requestedBy,
    }
  }
  function describeRequest(row: RequestRow): RecordedPendingRequest {
    const account = directory.getAccountById(row.accountId)
    const { requestedBy, requestedAt } = row
    return {
      account: account.login,
      requestedBy,
      requestedAt,
      ...describeSelection(account, row.selectedRepoIds),
    }
  }

  function install(account: Account, selectedRepoIds: Row['selectedRepoIds'], more: InstallDetails) {
    const now = clock.now()
    const existing = rows.get(account.accountId)
    const row: Row = existing
      ? {
          ...existing,
          selectedRepoIds,
          updatedAt: isSame(existing, selectedRepoIds) ? existing.updatedAt : now,
        }
      : {
          installationId: nextId(),
          accountId: account.accountId,
          selectedRepoIds,
          createdAt: now,
          updatedAt: now,
          suspendedAt: null,
          suspendedBy: null,
          requestedBy: more.requestedBy,
        }
    const before = existing && describe(existing)
    rows.set(account.accountId, row)
    requests.delete(account.accountId)
    const installation = describe(row)
    const sender = more.by ?? directory.getOwner(account.accountId)
    if (before) onChange({ kind: 'repositories', installation, before, sender })
    else onChange({ kind: 'created', installation, sender })
    return installation
  }

  return {
    findById: (installationId) => {
      const row = [...rows.values()].find((one) => one.installationId === installationId)
      return row && describe(row)
    },
    findByAccount: (login) => {
      const row = findRow(login)
      return row && describe(row)
    },
    findRequest: (login) => {
      const row = findRequestRow(login)
      return row && describeRequest(row)
    },
    install(login, selection, by) {
      const account = directory.getAccount(login)
      return install(account, toRepoIds(account, selection), { requestedBy: null, by })
    },
    uninstall(login, by) {
      const row = findRow(login)
      if (!row) return false
      rows.delete(row.accountId)
      onChange({
        kind: 'deleted',
        installation: describe(row),
        sender: by ?? directory.getOwner(row.accountId),
      })
      return true
    },
    setSuspended(login, isSuspended, by) {
      const row = findRow(login)
      if (!row) return false
      if (isSuspended === (row.suspendedAt !== null)) return true
      const now = clock.now()
      const sender = by ?? directory.getOwner(row.accountId)
      const changed: Row = {
        ...row,
        updatedAt: now,
        suspendedAt: isSuspended ? now : null,
        suspendedBy: isSuspended ? sender.login : null,
      }
      rows.set(row.accountId, changed)
      onChange({ kind: isSuspended ? 'suspend' : 'unsuspend', installation: describe(changed), sender })
      return true
    },
    request(login, requestedBy, selection) {
      const account = directory.getAccount(login)
      const { accountId } = account
      const selectedRepoIds = toRepoIds(account, selection)
      requests.set(accountId, { accountId, requestedBy, requestedAt: clock.now(), selectedRepoIds })
    },
    approve(login, by) {
      const request = findRequestRow(login)
      if (!request) return undefined
      const { requestedBy, selectedRepoIds } = request
      return install(directory.getAccount(login), selectedRepoIds, { requestedBy, by })
    },
    deny: (login) => requests.delete(directory.findAccount(login)?.accountId ?? 0),
    listRepositories(installationId) {
      const row = [...rows.values()].find((one) => one.installationId === installationId)
      if (!row) return []
      return listSelected(directory.getAccountById(row.accountId), row.selectedRepoIds).toSorted(
        (one, other) => (one.fullName < other.fullName ? -1 : 1),
      )
    },
    list: () => [...rows.values()].map(describe),
    listRequests: () => [...requests.values()].map(describeRequest),
  }
}

function isSame(row: Row, selectedRepoIds: Row['selectedRepoIds']): boolean {
  return String(row.selectedRepoIds) === String(selectedRepoIds)
}

interface InstallDetails {
  readonly requestedBy: string | null
  readonly by: Actor
}

function toRepoIds(account: Account, selection: Selection): readonly number[] | null {
  return selection === 'all'
    ? null
    : account.repositories.filter(({ fullName }) => selection.includes(fullName)).map(({ repoId }) => repoId)
}

function listSelected(account: Account, selectedRepoIds: readonly number[] | null): Repository[] {
  return account.repositories.filter(({ repoId }) => selectedRepoIds?.includes(repoId) ?? true)
}

function describeSelection(account: Account, selectedRepoIds: readonly number[] | null) {
  const repositories = listSelected(account, selectedRepoIds).map(({ fullName }) => fullName)
  const repositorySelection = selectedRepoIds === null ? ('all' as const) : ('selected' as const)
  return { repositorySelection, repositories }
}
