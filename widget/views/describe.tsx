// What each state looks like. The switch is exhaustive: a new state without a look does not compile.
import type { ReactNode } from 'react'
import type { GitHubAccount } from '../../bff/contract.ts'
import type { ConnectGitHubError } from '../error.ts'
import { TEXT_OF } from '../messages.ts'
import type { Messages } from '../messages.ts'
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
  const told = ({ code }: ConnectGitHubError) => m[TEXT_OF[code]]
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
  const connectedTo = (account: GitHubAccount | null, connectedAt: string | null, next?: string) => {
    const date =
      connectedAt && new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date(connectedAt))
    const facts = [account && m[account.type], date && m.since.replace('{date}', () => date)]
    return look(
      'good',
      {
        title: account ? withLogin(m.connectedTo, account) : m.connected,
        next: facts.filter(Boolean).join(' · '),
      },
      [],
      next,
    )
  }
  const named = (account: GitHubAccount | null) =>
    account && withLogin(`{account} · ${m[account.type]}`, account)
  const manage = (url: string | null) =>
    url && (
      <a href={url} target="_blank" rel="noopener noreferrer" title={m.newWindow}>
        {m.manage}
      </a>
    )
  const startOver = (press: () => void, text = m.startOver) => button(text, press, disabled)

  switch (state.status) {
    case 'loading':
      return look('idle', { title: m.loading, next: '' })
    case 'not_connected': {
      const { manageUrl, connect } = state
      const actions = [button(label, connect, disabled), manage(manageUrl)]
      return look('idle', m.notConnected, actions, manageUrl && m.stillInstalled)
    }
    case 'opening':
      return look('busy', m.opening, [button(label, () => {}, true)])
    case 'waiting': {
      const { popup, launchUrl, blocked, slow, openAgain, cancel } = state
      const goOn = popup ? button(m.openAgain, openAgain) : <a href={launchUrl}>{m.continueHere}</a>
      const actions = [goOn, startOver(state.startOver), button(m.cancel, cancel, busy)]
      return look('busy', m.waiting, actions, blocked && m.popupBlocked, slow && m.waitingLong)
    }
    case 'finishing':
      return look('busy', m[state.step], [], state.slow && m.finishingLong)
    case 'connected': {
      const { account, connectedAt, manageUrl } = state
      const actions = [button(m.disconnect, ask, busy), manage(manageUrl)]
      return { ...connectedTo(account, connectedAt), actions }
    }
    case 'view_only': {
      const { connection } = state
      if (!connection) return look('warn', m.forbidden)
      const { status, account, connectedAt } = connection
      return status === 'connected'
        ? connectedTo(account, connectedAt, m.viewOnly)
        : look('idle', { title: m.viewOnlyNotConnected, next: m.viewOnly })
    }
    case 'awaiting_approval':
      return look('warn', m.awaitingApproval, [startOver(state.startOver)])
    case 'conflict': {
      const { account, error } = state
      const text = account || error.code !== 'already_bound' ? told(error) : m.conflictElsewhere
      const actions = [startOver(state.startOver), button(m.checkAgain, state.checkAgain)]
      return look('warn', text, actions, named(account))
    }
    case 'refused': {
      const { error, reference } = state
      return look('warn', told(error), [startOver(state.startOver)], support(error, reference))
    }
    case 'expired':
      return look('warn', told(state.error), [startOver(state.startOver)])
    case 'blocked': {
      const { error, reference } = state
      return look('bad', told(error), [startOver(state.startOver, m.tryAgain)], support(error, reference))
    }
    case 'failed': {
      const { error, step, checkAgain } = state
      const retry = step === 'load' ? checkAgain : state.startOver
      return look('bad', told(error), [button(m.tryAgain, retry)], support(error))
    }
    case 'reconnect': {
      const { reason, account, manageUrl, connect } = state
      const actions = [
        button(m.reconnect, connect, disabled),
        manage(manageUrl),
        button(m.disconnect, ask, busy),
      ]
      return look('warn', m[reason], actions, named(account))
    }
    case 'offline':
    case 'session_required':
      return look('warn', m[state.status], [button(m.tryAgain, state.checkAgain)])
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
