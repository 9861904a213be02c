// The invented accounts, people and repositories of the sandbox's GitHub, as they are at the start.

import type { AccountType } from '../records.ts'

export interface Repository {
  readonly repoId: number
  readonly fullName: string
  readonly isPrivate: boolean
  readonly defaultBranch: string
  readonly primaryLanguage: string | null
}

export interface Account {
  /** GitHub's number of the account; stays when the login changes. */
  readonly accountId: number
  readonly login: string
  readonly type: AccountType
  readonly repositories: readonly Repository[]
}

export const PERSON_LOGINS = ['mona', 'hubot', 'trent'] as const
export type PersonLogin = (typeof PERSON_LOGINS)[number]

/** `owner` may install, configure and approve; `member` may only ask an owner to. */
export type Role = 'owner' | 'member'

/** Somebody on GitHub, with or without an account that Apps can be installed on. */
export interface User {
  readonly accountId: number
  readonly login: string
}

/** Of an account's number: after a rename the login would name nobody. */
export const FOREIGN_ACCOUNT_ID = 91_000_103

export const ACCOUNTS: readonly Account[] = [
  createAccount('acme-coffee', 'Organization', 91_000_101, 7_110_000, [
    ['beans-api', 'Go'],
    ['brand-assets', null],
    ['loyalty-ios', 'Swift'],
    ['menu-web', 'TypeScript'],
    ['pos-android', 'Kotlin'],
    ['roastery-firmware', 'C'],
  ]),
  createAccount('nordwind-shop', 'Organization', 91_000_102, 7_220_000, [
    ['catalog', 'TypeScript'],
    ['checkout', 'TypeScript'],
    ['mobile', 'Dart'],
    ['storefront', 'TypeScript'],
    ['warehouse', 'Rust'],
  ]),
  createAccount('mona', 'User', 91_000_201, 7_330_000, [
    ['dotfiles', 'Shell'],
    ['field-notes', null],
    ['weekend-game', 'TypeScript'],
  ]),
  // Belongs to none of the sandbox's people: whose installation id a return must not bring.
  createAccount('initech-labs', 'Organization', FOREIGN_ACCOUNT_ID, 7_440_000, [
    ['flair', 'Java'],
    ['tps-reports', 'Python'],
  ]),
  createAccount('trent', 'User', 91_000_203, 7_550_000, [
    ['chess-bot', 'Python'],
    ['homepage', null],
  ]),
]

/** Mona owns, hubot is a plain member, and trent belongs to nothing but his own account. */
export const MEMBERSHIPS: readonly { person: PersonLogin; organization: string; role: Role }[] = [
  { person: 'mona', organization: 'acme-coffee', role: 'owner' },
  { person: 'mona', organization: 'nordwind-shop', role: 'owner' },
  { person: 'hubot', organization: 'acme-coffee', role: 'member' },
]

const USERS: Record<PersonLogin, User> = {
  mona: { accountId: 91_000_201, login: 'mona' },
  hubot: { accountId: 91_000_202, login: 'hubot' },
  trent: { accountId: 91_000_203, login: 'trent' },
}

/** Who acts where none of the sandbox's people is an owner. */
export const UNSEEN_OWNER: User = { accountId: 91_000_204, login: 'initech-admin' }

export function getUser(login: PersonLogin): User {
  return USERS[login]
}

const FIRST_FURTHER_ACCOUNT_ID = 92_000_001
const FIRST_FURTHER_REPO_ID = 8_000_000

/** @throws Error when two accounts would have one login */
export function createFurtherAccounts(logins: readonly string[]): readonly Account[] {
  const taken = [...ACCOUNTS.map(({ login }) => login), ...logins].map((login) => login.toLowerCase())
  if (new Set(taken).size < taken.length) throw new Error('two accounts have the same login')
  return logins.map((login, index) =>
    createAccount(login, 'Organization', FIRST_FURTHER_ACCOUNT_ID + index, FIRST_FURTHER_REPO_ID + index, [
      ['main', 'TypeScript'],
    ]),
  )
}

function createAccount(
  login: string,
  type: AccountType,
  accountId: number,
  firstRepoId: number,
  repositories: readonly (readonly [name: string, primaryLanguage: string | null])[],
): Account {
  return {
    accountId,
    login,
    type,
    repositories: repositories.map(([name, primaryLanguage], index) => ({
      repoId: firstRepoId + index * 37,
      fullName: `${login}/${name}`,
      isPrivate: index % 3 !== 0,
      defaultBranch: 'main',
      primaryLanguage,
    })),
  }
}
