// Who and what one world's GitHub knows: accounts with their present names, and who belongs to which organization.

import {
  ACCOUNTS,
  createFurtherAccounts,
  getUser,
  MEMBERSHIPS,
  PERSON_LOGINS,
  UNSEEN_OWNER,
  type Account,
  type PersonLogin,
  type Role,
  type User,
} from './catalogue.ts'

export interface Membership {
  readonly person: PersonLogin
  /** The organization's number. */
  readonly accountId: number
  readonly role: Role
  /** `pending`: invited, and not accepted yet. Such a person may nothing. */
  readonly state: MembershipState
}

export const MEMBERSHIP_STATES = ['active', 'pending'] as const
export type MembershipState = (typeof MEMBERSHIP_STATES)[number]

export interface Directory {
  /** Present logins, in the order of the catalogue. */
  listLogins(): string[]
  /** Logins of organizations only. */
  listOrganizations(): string[]
  /** By login, in any case, as GitHub compares them. */
  findAccount(login: string): Account | undefined
  /** @throws Error for a login that nobody has */
  getAccount(login: string): Account
  /** @throws Error for a number that nobody has */
  getAccountById(accountId: number): Account
  /** What a person can install on or ask for: organizations first, then the personal account if it has repositories. */
  listAccountsOf(person: PersonLogin): { readonly account: Account; readonly role: Role }[]
  /** What a person is on an account; everybody owns their personal one. Undefined for somebody who does not belong to it. */
  findRole(person: PersonLogin, login: string): Role | undefined
  /** Pending ones too. */
  listMemberships(person: PersonLogin): Membership[]
  /** `role` null ends the membership. */
  setMembership(person: PersonLogin, login: string, role: Role | null, state: MembershipState): void
  /** Somebody who may act for the account. */
  getOwner(accountId: number): User
  /** @throws Error when somebody else has the new login */
  rename(login: string, newLogin: string): Account
}

/** @param further logins of organizations of mona's, beside those of the catalogue. */
export function createDirectory(further: readonly string[] = []): Directory {
  const furtherAccounts = createFurtherAccounts(further)
  const accounts = new Map([...ACCOUNTS, ...furtherAccounts].map((account) => [account.accountId, account]))
  let memberships: readonly Membership[] = [
    ...MEMBERSHIPS.map(({ person, organization, role }): Membership => ({
      person,
      accountId: getAccount(organization).accountId,
      role,
      state: 'active',
    })),
    ...furtherAccounts.map(({ accountId }): Membership => ({
      person: 'mona',
      accountId,
      role: 'owner',
      state: 'active',
    })),
  ]

  function findAccount(login: string): Account | undefined {
    const wanted = login.toLowerCase()
    return [...accounts.values()].find((account) => account.login.toLowerCase() === wanted)
  }
  function getAccount(login: string): Account {
    const account = findAccount(login)
    if (!account) throw new Error(`unknown account ${login}`)
    return account
  }
  function getAccountById(accountId: number): Account {
    const account = accounts.get(accountId)
    if (!account) throw new Error(`unknown account number ${accountId}`)
    return account
  }
  const isActive = ({ state }: Membership): boolean => state === 'active'
  const listMemberships = (person: PersonLogin) => memberships.filter((one) => one.person === person)

  return {
    listLogins: () => [...accounts.values()].map(({ login }) => login),
    listOrganizations: () =>
      [...accounts.values()].filter(({ type }) => type === 'Organization').map(({ login }) => login),
    findAccount,
    getAccount,
    getAccountById,
    listAccountsOf(person) {
      const organizations = listMemberships(person)
        .filter(isActive)
        .map(({ accountId, role }) => ({ account: getAccountById(accountId), role }))
      const own = accounts.get(getUser(person).accountId)
      return own ? [...organizations, { account: own, role: 'owner' }] : organizations
    },
    findRole(person, login) {
      if (person === login.toLowerCase()) return 'owner'
      const accountId = findAccount(login)?.accountId
      return listMemberships(person).find((one) => isActive(one) && one.accountId === accountId)?.role
    },
    listMemberships,
    setMembership(person, login, role, state) {
      const { accountId } = getAccount(login)
      const others = memberships.filter((one) => one.person !== person || one.accountId !== accountId)
      memberships = role === null ? others : [...others, { person, accountId, role, state }]
    },
    getOwner(accountId) {
      const person =
        PERSON_LOGINS.find((login) => getUser(login).accountId === accountId) ??
        memberships.find((one) => isActive(one) && one.role === 'owner' && one.accountId === accountId)
          ?.person
      return person === undefined ? UNSEEN_OWNER : getUser(person)
    },
    rename(login, newLogin) {
      const account = getAccount(login)
      const holder = findAccount(newLogin)
      if (holder && holder !== account) throw new Error(`${newLogin} is taken`)
      const renamed: Account = {
        ...account,
        login: newLogin,
        repositories: account.repositories.map((repository) => ({
          ...repository,
          fullName: `${newLogin}/${repository.fullName.slice(account.login.length + 1)}`,
        })),
      }
      accounts.set(account.accountId, renamed)
      return renamed
    },
  }
}
