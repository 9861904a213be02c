// What each state looks like. The switch is exhaustive: a new state without a look does not compile.
import type { ReactNode } from 'react'
import type { ConnectionView, GitHubAccount } from '../../bff/contract.ts'
import type { ConnectGitHubError } from '../error.ts'
import { nameText } from '../error-texts.ts'
import type { Messages } from '../messages.ts'
import type { Actions } from '../state.ts'
import type { ConnectGitHubState } from '../useConnectGitHub.ts'
import { button } from './Card.tsx'
import type { Look } from './Card.tsx'

export interface Setting {
  readonly messages: Messages
  readonly locale: string | undefined
  readonly disabled: boolean
  /** Of the connect button. */
  readonly label: ReactNode
  /** Asks whether to disconnect. */
  readonly ask: () => void
}

/** The look of a state; `awaiting_approval` and the confirmation get their extras from the component. */
export function describe(state: ConnectGitHubState, setting: Setting): Look {
  const { messages: m, locale, disabled, label, ask } = setting
  const { trouble, busy } = state
  const told = ({ code }: ConnectGitHubError) => m[nameText(code)]
  const look = (
    tone: Look['tone'],
    text: Look['text'],
    actions: readonly ReactNode[] = [],
    ...notes: readonly ReactNode[]
  ): Look => ({
    tone,
    text,
    actions,
    // Where the error is the state itself, no note needs to repeat it.
    notes: [...notes, trouble && told(trouble) !== text && trouble.displayMessage],
  })
  const support = ({ code, requestId }: ConnectGitHubError, reference = requestId) => (
    <>
      {m.support} <code>{reference ? `${code} · ${reference}` : code}</code>
    </>
  )
  const can: Partial<Actions> & { readonly status: string } = state
  const locked: Partial<Record<keyof Actions, boolean>> = {
    connect: disabled,
    startOver: disabled,
    cancel: busy,
  }
  /** The text of an action and its key are called like itself. */
  const act = (name: keyof Actions, text: ReactNode = m[name]) => button(name, text, can[name], locked[name])
  const askToDisconnect = button('ask', m.disconnect, ask, busy)
  const manage = (url: string | null) =>
    url && (
      <a key="manage" href={url} target="_blank" rel="noreferrer" title={m.newWindow}>
        {m.manage}
      </a>
    )
  const connectedTo = (
    { account, connectedAt }: Pick<ConnectionView, 'account' | 'connectedAt'>,
    actions: readonly ReactNode[],
    note?: string,
  ) => {
    const date = connectedAt && new Date(connectedAt).toLocaleDateString(locale, { dateStyle: 'long' })
    const facts = [account && m[account.type], date && m.since.replace('{date}', () => date)]
    const title = account ? withLogin(m.connectedTo, account) : m.connected
    return look('good', { title, next: facts.filter(Boolean).join(' · ') }, actions, note)
  }
  const named = (account: GitHubAccount | null) =>
    account && withLogin(`{account} · ${m[account.type]}`, account)

  switch (state.status) {
    case 'loading':
      return look('idle', { title: m.loading, next: '' })
    case 'not_connected': {
      const { manageUrl } = state
      const actions = [act('connect', label), manage(manageUrl)]
      return look('idle', m.notConnected, actions, manageUrl && m.stillInstalled)
    }
    case 'opening':
      return look('busy', m.opening, [button('connect', label, undefined, true)])
    case 'waiting':
    case 'authorizing': {
      const { status, slow } = state
      const isWaiting = status === 'waiting'
      const goOn = state.popup ? (
        act('openAgain', isWaiting ? m.openAgain : m.continueOnGitHub)
      ) : (
        <a key="goOn" href={state.launchUrl}>
          {m.continueHere}
        </a>
      )
      const actions = [goOn, act('startOver'), act('cancel')]
      const hint = isWaiting && slow && m.waitingLong
      return look('busy', m[status], actions, state.blocked && m.popupBlocked, hint)
    }
    case 'finishing':
      return look('busy', m[state.step], [], state.slow && m.finishingLong)
    case 'connected':
      return connectedTo(state, [askToDisconnect, manage(state.manageUrl)])
    case 'view_only': {
      const { connection } = state
      if (!connection) return look('warn', m.forbidden)
      return connection.status === 'connected'
        ? connectedTo(connection, [], m.view_only)
        : look('idle', { title: m.not_connected.title, next: m.view_only })
    }
    case 'awaiting_approval':
      return look('warn', m.awaiting_approval, [act('startOver')])
    case 'conflict': {
      const { account, error } = state
      const text = account || error.code !== 'already_bound' ? told(error) : m.conflict
      return look('warn', text, [act('startOver'), act('checkAgain')], named(account))
    }
    case 'expired':
      return look('warn', told(state.error), [act('startOver')])
    case 'refused':
      return look('warn', told(state.error), [act('startOver')], support(state.error, state.reference))
    case 'blocked': {
      const { error, reference } = state
      return look('bad', told(error), [act('startOver', m.tryAgain)], support(error, reference))
    }
    case 'failed': {
      const retry = state.step === 'load' ? 'checkAgain' : 'startOver'
      return look('bad', told(state.error), [act(retry, m.tryAgain)], support(state.error))
    }
    case 'reconnect': {
      const actions = [act('connect', m.reconnect), manage(state.manageUrl), askToDisconnect]
      return look('warn', m[state.reason], actions, named(state.account))
    }
    case 'offline':
    case 'session_required':
      return look('warn', m[state.status], [act('checkAgain', m.tryAgain)])
    default:
      return state satisfies never
  }
}

/** The text with the login in place of `{account}`, isolated so that a name in another script does not turn the text around. */
function withLogin(text: string, { login }: GitHubAccount): ReactNode {
  const [before, after] = text.split('{account}')
  return (
    <>
      {before}
      <bdi>{login}</bdi>
      {after}
    </>
  )
}
