// What each state looks like. The switch is exhaustive: a new state without a look does not compile.
import type { ReactNode } from 'react'
import type { GitHubAccount } from '../../bff/contract.ts'
import type { Messages } from '../messages.ts'
import type { ConnectGitHubState } from '../useConnectGitHub.ts'
import type { Action, Look } from './Card.tsx'

export interface Setting {
  readonly messages: Messages
  readonly locale: string | undefined
  readonly disabled: boolean
  /** Of the connect button. */
  readonly label: ReactNode
  /** Asks whether to disconnect. */
  readonly ask: () => void
}

const act = (label: ReactNode, press: string | (() => void), locked = false): Action => ({
  label,
  press,
  locked,
})

/** The look of a state; `awaiting_approval` and the confirmation get their extras from the component. */
export function describe(state: ConnectGitHubState, setting: Setting): Look {
  const { messages: m, locale, disabled, label, ask } = setting
  const { trouble, busy } = state
  const look = (
    tone: Look['tone'],
    text: Look['text'],
    actions: Action[] = [],
    ...notes: ReactNode[]
  ): Look => ({
    tone,
    text,
    actions,
    notes: [...notes, trouble?.displayMessage],
  })
  // The error is the state itself here: no note needs to repeat it.
  const alone = (tone: Look['tone'], text: Look['text'], actions: Action[] = [], note?: ReactNode): Look => ({
    ...look(tone, text, actions),
    notes: [note],
  })
  const support = (...ids: (string | null)[]) => (
    <>
      {m.support} <code>{ids.filter(Boolean).join(' · ')}</code>
    </>
  )
  const details = ({
    account,
    connectedAt,
  }: {
    account: GitHubAccount | null
    connectedAt?: string | null
  }) => {
    const date = new Date(connectedAt ?? NaN)
    const since =
      !Number.isNaN(+date) &&
      m.since.replace('{date}', () => new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(date))
    return [account && m[account.type], since].filter(Boolean).join(' · ')
  }
  const connectedTo = (account: GitHubAccount | null, next: string): Look['text'] => ({
    title: account ? withLogin(m.connectedTo, account) : m.flow.connected.title,
    next,
  })
  const account = (view: { account: GitHubAccount | null }) =>
    view.account && (
      <>
        <bdi>{view.account.login}</bdi> · {details(view)}
      </>
    )
  const manage = (url: string | null): Action[] =>
    url ? [{ label: m.manage, press: url, newWindow: m.newWindow }] : []
  const startOver = (press: () => void, text = m.startOver) => act(text, press, disabled)

  switch (state.status) {
    case 'loading':
      return look('idle', { title: m.loading, next: '' })
    case 'not_connected':
      return look(
        'idle',
        m.notConnected,
        [act(label, state.connect, disabled), ...manage(state.manageUrl)],
        state.manageUrl && m.stillInstalled,
      )
    case 'opening':
      return look('busy', m.flow.starting, [act(label, () => {}, true)])
    case 'waiting':
      return look(
        'busy',
        m.flow.waiting,
        [
          state.popup ? act(m.openAgain, state.openAgain) : act(m.continueHere, state.launchUrl),
          startOver(state.startOver),
          act(m.cancel, state.cancel, busy),
        ],
        state.blocked && m.popupBlocked,
        state.slow && m.waitingLong,
      )
    case 'finishing':
      return look('busy', m.flow[state.step], [], state.slow && m.finishingLong)
    case 'connected':
      return look('good', connectedTo(state.account, details(state)), [
        ...manage(state.manageUrl),
        act(m.disconnect, ask, busy),
      ])
    case 'view_only': {
      const { connection } = state
      if (!connection) return alone('warn', m.errors.forbidden)
      return connection.status === 'connected'
        ? look('good', connectedTo(connection.account, details(connection)), [], m.viewOnly)
        : look('idle', { title: m.viewOnlyNotConnected, next: m.viewOnly })
    }
    case 'awaiting_approval':
      return look('warn', m.flow[state.status], [startOver(state.startOver)])
    case 'conflict':
      return look(
        'warn',
        state.account || state.error.code !== 'already_bound'
          ? m.errors[state.error.code]
          : m.conflictElsewhere,
        [startOver(state.startOver), act(m.checkAgain, state.checkAgain)],
        account(state),
      )
    case 'refused':
      return look(
        'warn',
        m.errors[state.error.code],
        [startOver(state.startOver)],
        support(state.error.code, state.reference),
      )
    case 'expired':
      return look('warn', m.errors[state.error.code], [startOver(state.startOver)])
    case 'blocked':
      return look(
        'bad',
        m.errors[state.error.code],
        [startOver(state.startOver, m.tryAgain)],
        support(state.error.code, state.reference),
      )
    case 'failed':
      return alone(
        'bad',
        m.errors[state.error.code],
        [act(m.tryAgain, state.step === 'load' ? state.checkAgain : state.startOver)],
        support(state.error.code, state.error.requestId),
      )
    case 'reconnect':
      return look(
        'warn',
        m.reconnectBecause[state.reason],
        [act(m.reconnect, state.connect, disabled), ...manage(state.manageUrl), act(m.disconnect, ask, busy)],
        account(state),
      )
    case 'offline':
    case 'session_required':
      return alone('warn', m.errors[state.status], [act(m.tryAgain, state.checkAgain)])
    default:
      return state satisfies never
  }
}

/** The text with the login in place of `{account}`, isolated so that a name in another script does not turn the text around. */
function withLogin(text: string, { login }: GitHubAccount): ReactNode {
  const [before, ...after] = text.split('{account}')
  return (
    <>
      {before}
      {after.length > 0 && <bdi>{login}</bdi>}
      {after}
    </>
  )
}
