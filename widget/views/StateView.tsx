// One view per state. The switch is exhaustive: a new state without a view does not compile.
import type { ReactNode } from 'react'
import type { Messages } from '../messages.ts'
import type { ConnectGitHubState } from '../useConnectGitHub.ts'
import type { ConnectGitHubErrorCode } from '../error.ts'
import { ApprovalView } from './ApprovalView.tsx'
import { Action, Card } from './Card.tsx'
import type { CardProps, NameOf } from './Card.tsx'
import { AccountLine, ConnectedView } from './ConnectedView.tsx'

export interface ViewProps<S = ConnectGitHubState> {
  readonly state: S
  readonly messages: Messages
  readonly locale: string | undefined
  readonly disabled: boolean
  readonly name: NameOf
  /** Has something spoken that is not a change of state. */
  readonly say: (text: string) => void
  /** Of the connect button. */
  readonly label: ReactNode
}

export function StateView(props: ViewProps): ReactNode {
  const { state, messages: m, name, label, disabled } = props
  const { trouble, busy } = state
  const card = (
    tone: CardProps['tone'],
    { title, next }: { title: string; next?: string },
    rest?: Partial<CardProps>,
  ) => <Card {...{ name, tone, title }} text={next} note={trouble?.displayMessage} {...rest} />
  const main = (onPress: (() => void) | undefined, text: ReactNode, locked = disabled) => (
    <Action {...{ name, onPress, locked }} main>
      {text}
    </Action>
  )
  const quiet = (onPress: () => void, text: string, locked = busy) => (
    <Action {...{ name, onPress, locked }}>{text}</Action>
  )
  const failure = (state: { error: { code: ConnectGitHubErrorCode } }) => m.errors[state.error.code]

  switch (state.status) {
    case 'loading':
      return card(
        'idle',
        { title: m.loading },
        { children: <div className={name('bones')} aria-hidden="true" /> },
      )
    case 'not_connected':
      return card('idle', m.notConnected, { actions: main(state.connect, label) })
    case 'opening':
      return card('busy', m.flow.starting, { actions: main(undefined, label, true) })
    case 'waiting':
      return card('busy', m.flow.waiting, {
        children: (
          <>
            {state.blocked && <p className={name('note')}>{m.popupBlocked}</p>}
            {state.slow && <p className={name('note')}>{m.waitingLong}</p>}
          </>
        ),
        actions: (
          <>
            {state.popup ? (
              main(state.openAgain, m.openAgain)
            ) : (
              <a className={name('main')} data-cgh-main="" href={state.launchUrl}>
                {m.continueHere}
              </a>
            )}
            {quiet(state.startOver, m.startOver, disabled)}
            {quiet(state.cancel, m.cancel)}
          </>
        ),
      })
    case 'finishing':
      return card('busy', m.flow[state.step], {
        children: state.slow && <p className={name('note')}>{m.finishingLong}</p>,
      })
    case 'connected':
      return <ConnectedView {...props} state={state} />
    case 'view_only': {
      const { connection } = state
      if (!connection) return card('warn', m.errors.forbidden, { note: null })
      const title = connection.status === 'connected' ? m.flow.connected.title : m.notConnectedHere
      return card(
        connection.status === 'connected' ? 'good' : 'idle',
        { title, next: m.viewOnly },
        {
          children: <AccountLine {...props} {...connection} />,
        },
      )
    }
    case 'awaiting_approval':
      return <ApprovalView {...props} state={state} />
    case 'conflict':
      return card('warn', failure(state), {
        children: state.account && (
          <p className={name('note')}>
            {m.standsInTheWay.replace('{account}', () => state.account?.login ?? '')}
          </p>
        ),
        actions: (
          <>
            {main(state.startOver, m.startOver)}
            {quiet(state.checkAgain, m.checkAgain)}
          </>
        ),
      })
    case 'refused':
    case 'expired':
      return card('warn', failure(state), { actions: main(state.startOver, m.startOver) })
    case 'blocked':
      return card('bad', failure(state), {
        children: <Support {...props} code={state.error.code} id={state.error.requestId ?? state.flowId} />,
        actions: quiet(state.startOver, m.tryAgain, disabled),
      })
    case 'failed':
      return card('bad', failure(state), {
        note: null,
        children: <Support {...props} code={state.error.code} id={state.error.requestId} />,
        actions: main(state.step === 'load' ? state.checkAgain : state.startOver, m.tryAgain),
      })
    case 'reconnect':
      return card('warn', m.reconnectBecause[state.reason], {
        children: <AccountLine {...props} {...state} connectedAt={null} />,
        actions: (
          <>
            {main(state.connect, m.reconnect)}
            {quiet(state.disconnect, m.disconnect)}
          </>
        ),
      })
    case 'offline':
      return card('warn', m.errors.offline, {
        note: null,
        actions: main(state.checkAgain, m.checkAgain, false),
      })
    case 'session_required':
      return card('warn', m.errors.session_required, {
        note: null,
        actions: main(state.checkAgain, m.tryAgain, false),
      })
    default:
      return state satisfies never
  }
}

/** What the customer reads out to the site's support. */
function Support({ name, messages, code, id }: ViewProps & { code: string; id: string | null }) {
  return (
    <p className={name('note')}>
      {messages.support} <code className={name('code')}>{[code, id].filter(Boolean).join(' · ')}</code>
    </p>
  )
}
