// Installations of the App and requests for them: what GitHub itself knows and changes.

import type { Clock } from '../clock.ts'
import type { RecordedInstallation, RecordedPendingRequest } from '../records.ts'
import { getAccount, type Repository } from './catalogue.ts'

/** GitHub numbers installations in sequence; this is where the sandbox starts. */
const FIRST_INSTALLATION_ID = 61_200_417

/** Which repositories an installation may see: all, also future ones, or a list of full names. */
export type Selection = 'all' | readonly string[]

export interface Installations {
  findById(installationId: number): RecordedInstallation | undefined
  findByAccount(login: string): RecordedInstallation | undefined
  findRequest(login: string): RecordedPendingRequest | undefined
  /** Installs, or changes the selection when the account has the App already: there is one installation per account. */
  install(login: string, selection: Selection, requestedBy?: string): RecordedInstallation
  /** Removes the installation; its id never comes back. Returns false when there was none. */
  uninstall(login: string): boolean
  /** Returns false when there is no installation. */
  setSuspended(login: string, isSuspended: boolean): boolean
  /** A member asks; asking again replaces the earlier request. */
  request(login: string, requestedBy: string, selection: Selection): void
  /** An owner approves: the request becomes an installation. Undefined when nobody asked. */
  approve(login: string): RecordedInstallation | undefined
  /** An owner denies: the request is gone. Returns false when nobody asked. */
  deny(login: string): boolean
  /** Repositories the installation can see, sorted by full name; none when it does not exist. */
  listRepositories(installationId: number): readonly Repository[]
  list(): RecordedInstallation[]
  listRequests(): RecordedPendingRequest[]
}

export function createInstallations(clock: Clock): Installations {
  const byAccount = new Map<string, RecordedInstallation>()
  const requests = new Map<string, RecordedPendingRequest>()
  let nextId = FIRST_INSTALLATION_ID

  function install(login: string, selection: Selection, requestedBy?: string): RecordedInstallation {
    const existing = byAccount.get(login)
    const { type } = getAccount(login)
    const installation: RecordedInstallation = {
      installationId: existing?.installationId ?? nextId++,
      account: { login, type },
      ...describeSelection(login, selection),
      createdAt: existing?.createdAt ?? clock.now(),
      suspendedAt: existing?.suspendedAt ?? null,
      requestedBy: existing?.requestedBy ?? requestedBy ?? null,
    }
    byAccount.set(login, installation)
    requests.delete(login)
    return installation
  }

  const findById = (installationId: number) =>
    [...byAccount.values()].find((installation) => installation.installationId === installationId)

  return {
    findById,
    findByAccount: (login) => byAccount.get(login),
    findRequest: (login) => requests.get(login),
    install,
    uninstall: (login) => byAccount.delete(login),
    setSuspended(login, isSuspended) {
      const existing = byAccount.get(login)
      if (!existing) return false
      byAccount.set(login, {
        ...existing,
        suspendedAt: isSuspended ? (existing.suspendedAt ?? clock.now()) : null,
      })
      return true
    },
    request(login, requestedBy, selection) {
      requests.set(login, {
        account: login,
        requestedBy,
        requestedAt: clock.now(),
        ...describeSelection(login, selection),
      })
    },
    approve(login) {
      const request = requests.get(login)
      if (!request) return undefined
      const selection = request.repositorySelection === 'all' ? 'all' : request.repositories
      return install(login, selection, request.requestedBy)
    },
    deny: (login) => requests.delete(login),
    listRepositories(installationId) {
      const installation = findById(installationId)
      if (!installation) return []
      return getAccount(installation.account.login)
        .repositories.filter((repository) => installation.repositories.includes(repository.fullName))
        .toSorted((one, other) => (one.fullName < other.fullName ? -1 : 1))
    },
    list: () => [...byAccount.values()],
    listRequests: () => [...requests.values()],
  }
}

function describeSelection(login: string, selection: Selection) {
  const all = getAccount(login).repositories.map((repository) => repository.fullName)
  return selection === 'all'
    ? { repositorySelection: 'all' as const, repositories: all }
    : {
        repositorySelection: 'selected' as const,
        repositories: all.filter((name) => selection.includes(name)),
      }
}
