'use client'
// The public names of @connect-github/widget/repositories, an entry of its own: who does not list them loads nothing of it.
export { useRepositories } from './useRepositories.ts'
export type { RepositoriesOptions, RepositoriesState } from './useRepositories.ts'
export type { RepositoryView } from '../bff/contract.ts'
