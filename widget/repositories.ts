'use client'
// The public names of @connect-github/widget/repositories, an entry of its own: who does not list them loads nothing of it.
export { Repositories } from './views/Repositories.tsx'
export type { RepositoriesProps } from './views/Repositories.tsx'
export type { Plural, RepositoryMessageOverrides, RepositoryMessages } from './repositories-texts.ts'
export { useRepositories } from './useRepositories.ts'
export type { RepositoriesOptions, RepositoriesState } from './useRepositories.ts'
export type { RepositoryView } from '../bff/contract.ts'
