// What is connected, the way to GitHub's own settings, and disconnecting with a confirmation in place.
import { useState } from 'react'
import type { GitHubAccount } from '../../bff/contract.ts'
import type { ConnectGitHubState } from '../useConnectGitHub.ts'
import { Action, Card } from './Card.tsx'
import type { ViewProps } from './StateView.tsx'

type Connected = Extract<ConnectGitHubState, { status: 'connected' }>

export function ConnectedView(props: ViewProps<Connected>) {
  const { state, messages: m, name } = props
  const { manageUrl, busy, trouble } = state
  // Undefined until the customer asked: only then focus comes back to the button that was pressed.
  const [asking, setAsking] = useState<boolean>()
  const title = m.flow.connected.title
  const note = trouble?.displayMessage
  if (asking)
    return (
      <div
        role="group"
        aria-label={m.confirm.title}
        onKeyDown={(event) => event.key === 'Escape' && setAsking(false)}
      >
        <Card
          {...{ name, note }}
          tone="warn"
          title={m.confirm.title}
          text={m.confirm.next}
          actions={
            <>
              <Action {...{ name }} main focused onPress={() => setAsking(false)}>
                {m.keep}
              </Action>
              <Action {...{ name }} locked={busy} onPress={state.disconnect}>
                {m.disconnect}
              </Action>
            </>
          }
        />
      </div>
    )
  return (
    <Card
      {...{ name, title, note }}
      tone="good"
      text={<AccountText {...props} {...state} />}
      actions={
        <>
          {manageUrl && (
            <a
              className={name('quiet')}
              href={manageUrl}
              target="_blank"
              rel="noopener noreferrer"
              aria-label={`${m.manage} ${m.newWindow}`}
            >
              {m.manage}
            </a>
          )}
          <Action {...{ name }} locked={busy} focused={asking === false} onPress={() => setAsking(true)}>
            {m.disconnect}
          </Action>
        </>
      }
    />
  )
}

type AccountProps = Pick<ViewProps, 'messages' | 'locale' | 'name'> & {
  readonly account: GitHubAccount | null
  readonly connectedAt: string | null
}

function AccountText({ account, connectedAt, messages: m, locale, name }: AccountProps) {
  const date = connectedAt ? new Date(connectedAt) : undefined
  const since =
    date &&
    !Number.isNaN(date.valueOf()) &&
    m.since.replace('{date}', () => new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(date))
  return (
    <>
      {account && <bdi className={name('account')}>{account.login}</bdi>}
      {account && ` · ${m[account.type]}`}
      {since && ` · ${since}`}
    </>
  )
}

/** The account in a line of its own, when there is one. */
export function AccountLine(props: AccountProps) {
  return (
    props.account && (
      <p className={props.name('note')}>
        <AccountText {...props} />
      </p>
    )
  )
}
