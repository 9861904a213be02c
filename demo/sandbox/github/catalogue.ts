// The invented accounts, people and repositories of the sandbox's GitHub.

import type { AccountType } from '../records.ts'

export interface Repository {
  readonly repoId: number
  readonly fullName: string
  readonly isPrivate: boolean
  readonly defaultBranch: string
  readonly primaryLanguage: string | null
}

export interface Account {
  readonly login: string
  readonly type: AccountType
  readonly repositories: readonly Repository[]
}

export type PersonLogin = 'mona' | 'hubot'

/** `owner` may install, configure and approve; `member` may only ask an owner to. */
export type Role = 'owner' | 'member'

export interface Person {
  readonly login: PersonLogin
  readonly accounts: readonly { readonly login: string; readonly role: Role }[]
}

/** An account that none of the sandbox's people belongs to: whose installation id a return must not bring. */
export const FOREIGN_ACCOUNT = 'initech-labs'

const ACCOUNTS: readonly Account[] = [
  createAccount('acme-coffee', 'Organization', 7_110_000, [
    ['beans-api', 'Go'],
    ['brand-assets', null],
    ['loyalty-ios', 'Swift'],
    ['menu-web', 'TypeScript'],
    ['pos-android', 'Kotlin'],
    ['roastery-firmware', 'C'],
  ]),
  createAccount('nordwind-shop', 'Organization', 7_220_000, [
    ['catalog', 'TypeScript'],
    ['checkout', 'TypeScript'],
    ['mobile', 'Dart'],
    ['storefront', 'TypeScript'],
    ['warehouse', 'Rust'],
  ]),
  createAccount('mona', 'User', 7_330_000, [
    ['dotfiles', 'Shell'],
    ['field-notes', null],
    ['weekend-game', 'TypeScript'],
  ]),
  createAccount(FOREIGN_ACCOUNT, 'Organization', 7_440_000, [
    ['flair', 'Java'],
    ['tps-reports', 'Python'],
  ]),
]

const PEOPLE: Record<PersonLogin, Person> = {
  mona: {
    login: 'mona',
    accounts: [
      { login: 'acme-coffee', role: 'owner' },
      { login: 'nordwind-shop', role: 'owner' },
      { login: 'mona', role: 'owner' },
    ],
  },
  hubot: { login: 'hubot', accounts: [{ login: 'acme-coffee', role: 'member' }] },
}

export const ACCOUNT_LOGINS: readonly string[] = ACCOUNTS.map((account) => account.login)

export function findAccount(login: string): Account | undefined {
  return ACCOUNTS.find((account) => account.login === login)
}

/** @throws Error for a login that is not in the catalogue */
export function getAccount(login: string): Account {
  const account = findAccount(login)
  if (!account) throw new Error(`unknown account ${login}; known: ${ACCOUNT_LOGINS.join(', ')}`)
  return account
}

export function getPerson(login: PersonLogin): Person {
  return PEOPLE[login]
}

function createAccount(
  login: string,
  type: AccountType,
  firstRepoId: number,
  repositories: readonly (readonly [name: string, primaryLanguage: string | null])[],
): Account {
  return {
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
