// What is analysed once GitHub is connected: the widget's list of repositories, with Brightline's own looks.
import { useId, useState } from 'react'
import { useConnectGitHub } from '../../../widget/index.ts'
import { type RepositoriesState, type RepositoryView, useRepositories } from '../../../widget/repositories.ts'
import type { Session } from '../useSession.ts'
import { findAccount } from './connected-account.ts'

type ConnectGitHubAt = Session['connectGitHub']

/** Nothing while there is no connection. */
export function RepositoryList({ connectGitHub }: { connectGitHub: ConnectGitHubAt }) {
  const account = findAccount(useConnectGitHub(connectGitHub))
  return account === null ? null : <AccountRepositories key={account} connectGitHub={connectGitHub} />
}

function AccountRepositories({ connectGitHub }: { connectGitHub: ConnectGitHubAt }) {
  const [search, setSearch] = useState('')
  const list = useRepositories({ ...connectGitHub, search })
  const headingId = useId()
  return (
    <section className="card repositories" aria-labelledby={headingId} aria-busy={list.loading}>
      <div className="repositories-head">
        <h2 id={headingId}>What is analyzed</h2>
        <input
          type="search"
          className="search"
          placeholder="Search repositories"
          aria-label="Search repositories"
          maxLength={100}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <ul className={list.loading ? 'repository-rows repository-rows-old' : 'repository-rows'}>
        {list.repositories.map((repository) => (
          <RepositoryRow key={repository.fullName} {...repository} />
        ))}
      </ul>
      <p className="quiet" role="status">
        {describe(list, search.trim())}
      </p>
      {list.error !== null && (
        <p className="repositories-error" role="alert">
          {list.error.displayMessage}
          <button type="button" className="button" onClick={list.refetch}>
            Try again
          </button>
        </p>
      )}
      {list.hasMore && list.error === null && (
        <button
          type="button"
          className="button"
          aria-disabled={list.loadingMore || undefined}
          onClick={list.loadMore}
        >
          {list.loadingMore ? 'Loading…' : 'Load more'}
        </button>
      )}
    </section>
  )
}

function RepositoryRow({ fullName, isPrivate, defaultBranch, language, url }: RepositoryView) {
  const [owner, name] = fullName.split('/')
  return (
    <li>
      <a href={url} target="_blank" rel="noreferrer" title={`${fullName}, opens in a new window`}>
        <span className="repository-owner">{owner}/</span>
        <bdi>{name}</bdi>
      </a>
      {isPrivate && <span className="repository-private">Private</span>}
      <span className="repository-facts">{[language, defaultBranch].filter(Boolean).join(' · ')}</span>
    </li>
  )
}

/** How much of the list is there; nothing while an error says more. */
function describe({ repositories, hasMore, loading, error }: RepositoriesState, search: string): string {
  if (error !== null) return ''
  if (loading) return search === '' ? 'Loading repositories…' : 'Searching…'
  const { length } = repositories
  if (length === 0 && search !== '') return `No repository is called anything like “${search}”.`
  if (length === 0) return 'The App sees no repository yet. Choose some on GitHub.'
  if (hasMore) return `The first ${length}`
  return length === 1 ? 'One repository' : `${length} repositories`
}
