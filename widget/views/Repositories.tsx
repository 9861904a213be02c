'use client'
// <Repositories/>: one line that says how many repositories the connection can see, and opens a list of them.
import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { MAX_SEARCH_LENGTH } from '../../bff/contract.ts'
import { mergeMessages } from '../messages.ts'
import { pickTexts } from '../repositories-texts.ts'
import type { RepositoryMessageOverrides } from '../repositories-texts.ts'
import { useConnection } from '../useConnection.ts'
import { useRepositories } from '../useRepositories.ts'
import type { RepositoriesOptions } from '../useRepositories.ts'

export interface RepositoriesProps extends Omit<RepositoriesOptions, 'search' | 'enabled'> {
  /** Texts of the list to say differently. `messages` is for the words it shares with the card, and for errors. */
  repositoryMessages?: RepositoryMessageOverrides | undefined
}

/** Fewer are found at a glance. */
const WORTH_SEARCHING = 8

/**
 * For the slot `details` of `<ConnectGitHub/>`, or anywhere on the page; nothing while there is no connection that works.
 * @throws {TypeError} when a prop is not of its kind; in development only.
 */
export function Repositories(props: RepositoriesProps): ReactNode {
  const { connection } = useConnection(props, true)
  if (connection?.status !== 'connected') return null
  // Another account starts anew, without what was searched for in the former one.
  return <List key={`${connection.account?.login} ${connection.connectedAt}`} {...props} />
}

function List({ repositoryMessages, ...options }: RepositoriesProps): ReactNode {
  const { messages, locale } = options
  const [typed, setTyped] = useState('')
  const search = typed.trim()
  const list = useRepositories({ ...options, search })
  const { repositories, hasMore, loading, loadingMore, error } = list
  const { length } = repositories

  /** Of the whole list, also while a part of it is searched for. */
  const [total, setTotal] = useState({ length: -1, hasMore: false })
  const isWhole = !search && !loading && !error
  if (isWhole && (total.length !== length || total.hasMore !== hasMore)) setTotal({ length, hasMore })
  const isLong = search || total.hasMore || total.length > WORTH_SEARCHING

  const root = useRef<HTMLDetailsElement>(null)
  /** How long the list was when its button was pressed, while that has the focus. */
  const pressedAt = useRef<number>(undefined)
  useEffect(() => {
    const { current: first } = pressedAt
    if (first === undefined || document.activeElement !== document.body) return
    // The button is gone, and took the focus along: on with the first that is new, or with the line above.
    pressedAt.current = undefined
    const link = root.current?.querySelectorAll('a')[first] ?? root.current?.querySelector('summary')
    link?.focus()
  })

  const m = mergeMessages(messages, locale)
  const { texts, tag, say } = pickTexts(repositoryMessages, locale)
  const pickLine = () => {
    if (total.length < 0) return error ? texts.failed : texts.title
    return total.length ? say(total.length, total.hasMore) : texts.none
  }
  const pickNote = () => {
    if (error) return error.displayMessage
    if (loading) return m.loading
    if (length) return search && say(length, hasMore)
    return search ? texts.noMatch : texts.choose
  }
  const press = () => {
    pressedAt.current = length
    if (hasMore) list.loadMore()
    else list.refetch()
  }

  return (
    <details
      ref={root}
      data-cgh-part="repositories"
      lang={typeof locale === 'string' ? locale : locale && tag}
      dir={typeof locale === 'object' ? (locale.repositories ? locale.dir : 'ltr') : undefined}
    >
      <summary data-cgh-part="repositoryCount">{pickLine()}</summary>
      {isLong && (
        <input
          type="search"
          data-cgh-part="repositorySearch"
          aria-label={texts.search}
          placeholder={texts.search}
          maxLength={MAX_SEARCH_LENGTH}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          // In a form of the host's, it would send that.
          onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
        />
      )}
      <p data-cgh-part="repositoryNote" role="status">
        {pickNote()}
      </p>
      {length > 0 && (
        <ul data-cgh-part="repositoryList" aria-label={texts.title} aria-busy={loading}>
          {repositories.map(({ fullName, url, isPrivate }) => (
            <li key={fullName}>
              <a
                data-cgh-part="repository"
                href={url}
                target="_blank"
                rel="noreferrer"
                title={m.newWindow}
                dir="ltr"
              >
                {fullName}
              </a>
              {isPrivate && <span data-cgh-part="private">{texts.private}</span>}
            </li>
          ))}
        </ul>
      )}
      {(hasMore || error) && (
        <button
          type="button"
          data-cgh-part="more"
          aria-disabled={loadingMore || undefined}
          onClick={press}
          onBlur={() => void (pressedAt.current = undefined)}
        >
          {loadingMore ? m.loading : error ? m.tryAgain : texts.more}
        </button>
      )}
    </details>
  )
}
