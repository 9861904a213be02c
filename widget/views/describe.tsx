// What each state looks like. The switch is exhaustive: a new state without a look does not compile.
import type { ReactNode } from 'react'
import type { GitHubAccount } from '../../bff/contract.ts'
import type { Messages, Text } from '../messages.ts'
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
  const { messages: m, disabled, label, ask } = setting
  const { trouble, busy } = state
  const look = (tone: Look['tone'], text: Text, actions: Action[] = [], ...notes: ReactNode[]): Look => ({
    tone,
    text,
    actions,
    notes: [...notes, trouble?.displayMessage],
  })
  // The error is the state itself here: no note needs to repeat it.
  const alone = (tone: Look['tone'], text: Text, actions: Action[] = [], note?: ReactNode): Look => ({
    ...look(tone, text, actions),
    notes: [note],
  })
  const support = (...ids: (string | null)[]) => (
    <>
      {m.support} <code>{ids.filter(Boolean).join(' · ')}</code>
    </>
  )
  const account = (view: { account: GitHubAccount | null; connectedAt?: string | null }) =>
    view.account && (
      <Account {...setting} login={view.account.login} type={view.account.type} since={view.connectedAt} />
    )
  const startOver = (press: () => void, text = m.startOver) => act(text, press, disabled)

  switch (state.status) {
    case 'loading':
      return look('idle', { title: m.loading, next: '' })
    case 'not_connected':
      return look('idle', m.notConnected, [act(label, state.connect, disabled)])
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
    case 'connected': {
      const { manageUrl } = state
      const manage = manageUrl ? [{ label: m.manage, press: manageUrl, newWindow: m.newWindow }] : []
      return look('good', m.flow.connected, [...manage, act(m.disconnect, ask, busy)], account(state))
    }
    case 'view_only': {
      const { connection } = state
      if (!connection) return alone('warn', m.errors.forbidden)
      const text = connection.status === 'connected' ? m.flow.connected : m.notConnected
      return look(
        text === m.notConnected ? 'idle' : 'good',
        { title: text.title, next: m.viewOnly },
        [],
        account(connection),
      )
    }
    case 'awaiting_approval':
      return look('warn', m.flow[state.status], [
        act(m.checkAgain, state.checkAgain),
        startOver(state.startOver),
      ])
    case 'conflict':
      return look(
        'warn',
        m.errors[state.error.code],
        [startOver(state.startOver), act(m.checkAgain, state.checkAgain)],
        account(state),
      )
    case 'refused':
    case 'expired':
      return look('warn', m.errors[state.error.code], [startOver(state.startOver)])
    case 'blocked':
      return look(
        'bad',
        m.errors[state.error.code],
        [startOver(state.startOver, m.tryAgain)],
        support(state.error.code, state.error.requestId ?? state.flowId),
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
        [act(m.reconnect, state.connect, disabled), act(m.disconnect, ask, busy)],
        account(state),
      )
    case 'offline':
    case 'session_required':
      return alone('warn', m.errors[state.status], [act(m.tryAgain, state.checkAgain)])
    default:
      return state satisfies never
  }
}

type AccountProps = Pick<Setting, 'messages' | 'locale'> &
  GitHubAccount & { since: string | null | undefined }

function Account({ messages: m, locale, login, type, since }: AccountProps) {
  const date = new Date(since ?? NaN)
  return (
    <>
      <bdi>{login}</bdi> · {m[type]}
      {!Number.isNaN(+date) &&
        ` · ${m.since.replace('{date}', () => new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(date))}`}
    </>
  )
}
