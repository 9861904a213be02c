// What each state looks like, and the two answers of the card's own: to "Disconnect", and to copying and checking while an
// owner has to approve. The switch is exhaustive: a new state without a look does not compile.
import { useState } from 'react'
import type { ReactNode, RefObject } from 'react'
import type { ConnectionView, GitHubAccount } from '../../bff/contract.ts'
import type { ConnectGitHubError } from '../error.ts'
import { nameText } from '../error-texts.ts'
import type { Messages } from '../messages.ts'
import type { Actions } from '../state.ts'
import type { ConnectGitHubState } from '../useConnectGitHub.ts'
import { button, link } from './Card.tsx'
import type { Look } from './Card.tsx'

/**
 * @param label of the connect button.
 * @param tag BCP 47, for dates.
 */
export function useLook(
  state: ConnectGitHubState,
  m: Messages,
  label: ReactNode,
  tag: string | undefined,
  disabled: boolean | undefined,
  root: RefObject<HTMLElement | null>,
): Look {
  const [isAsking, setAsking] = useState(false)
  /** How copying ended; or when the answer came that was known when another was asked for, in epoch milliseconds. */
  const [reply, setReply] = useState<string | number>('')
  const { trouble, busy, slow } = state
  const can: Partial<Actions> & { readonly status: string } = state
  const told = ({ code }: ConnectGitHubError) => m[nameText(code)]
  const look = (
    tone: Look['tone'],
    { title, next }: Look['text'],
    actions: Look['actions'],
    /** Said instead of the text. */
    hint?: string | false | null,
    note?: ReactNode,
  ): Look => {
    // In place of the text, so that the card keeps its height; where the error is the state itself, it says so already.
    const error = trouble && told(trouble).title !== title && trouble.displayMessage
    return { tone, text: { title, next: error || hint || next }, actions, note }
  }
  const locked: Partial<Record<keyof Actions, boolean | undefined>> = {
    connect: disabled,
    startOver: disabled,
    cancel: busy,
  }
  /** The text of an action is called like itself. */
  const act = (name: keyof Actions, text: ReactNode = m[name]) => button(name, text, can[name], locked[name])
  const startOver = act('startOver')
  const disconnect = button('disconnect', m.disconnect, () => setAsking(true), busy)
  const manage = (url: string | null) => url && link('manage', m.manage, url, m.newWindow)
  const named = (account: GitHubAccount | null) =>
    account && withLogin(`{account} · ${m[account.type]}`, account)
  const connectedTo = (
    { account, connectedAt }: Pick<ConnectionView, 'account' | 'connectedAt'>,
    actions: Look['actions'],
    note?: string,
  ) => {
    const date = connectedAt && new Date(connectedAt).toLocaleDateString(tag, { dateStyle: 'long' })
    const facts = [account && m[account.type], date && m.since.replace('{date}', () => date)]
    const title = account ? withLogin(m.connectedTo, account) : m.connected
    return look('good', { title, next: facts.filter(Boolean).join(' · ') }, actions, '', note)
  }

  if (isAsking && 'disconnect' in state) {
    const stop = () => setAsking(false)
    const confirm = () => {
      stop()
      state.disconnect()
    }
    const actions = [button('keep', m.keep, stop), button('confirm', m.disconnect, confirm)]
    return { tone: 'warn', text: m.confirm, actions, stop }
  }
  switch (state.status) {
    case 'loading':
      return look('idle', { title: m.loading, next: '' }, [])
    case 'not_connected': {
      const { manageUrl } = state
      return look(
        'idle',
        m.notConnected,
        [act('connect', label), manage(manageUrl)],
        manageUrl && m.stillInstalled,
      )
    }
    case 'opening':
      return look('busy', m.opening, [button('connect', label, undefined, true)], slow && m.openingLong)
    case 'waiting':
    case 'authorizing': {
      const { status, popup, blocked, launchUrl } = state
      const isWaiting = status === 'waiting'
      const goOn = popup
        ? act('openAgain', isWaiting ? m.openAgain : m.continueOnGitHub)
        : link('goOn', m.continueHere, launchUrl)
      const hint = blocked ? m.popupBlocked : isWaiting && slow && m.waitingLong
      return look('busy', m[status], [goOn, startOver, act('cancel')], hint)
    }
    case 'finishing':
      return look('busy', m[state.step], [], slow && m.finishingLong)
    case 'connected':
      return connectedTo(state, [manage(state.manageUrl), disconnect])
    case 'view_only': {
      const { connection } = state
      const check = [act('checkAgain')]
      if (!connection) return look('warn', m.forbidden, check)
      return connection.status === 'connected'
        ? connectedTo(connection, check, m.view_only)
        : look('idle', m.not_connected, check, m.view_only)
    }
    case 'awaiting_approval': {
      const { checkedAt, checkAgain } = state
      // Query and hash may hold what is not meant for others; the page's place is enough.
      const request = m.approval.replace('{page}', () => location.origin + location.pathname)
      const copy = async () => {
        try {
          await navigator.clipboard.writeText(request)
          setReply(m.copied)
        } catch {
          // Denied, or no secure context: the text is selected, the keys do the rest.
          root.current?.querySelector('textarea')?.select()
          setReply(m.copyByHand)
        }
      }
      const check = () => {
        setReply(checkedAt)
        checkAgain()
      }
      // An answer newer than the press was asked for by it, or is as good.
      const news = typeof reply === 'string' ? reply : checkedAt > reply ? m.notApproved : m.loading
      const actions = [
        button('copy', m.copy, () => void copy()),
        button('checkAgain', m.checkAgain, check),
        startOver,
      ]
      const message = (
        <textarea data-cgh-part="message" readOnly rows={6} value={request} aria-label={m.copy} />
      )
      return { ...look('warn', m.awaiting_approval, actions, news), message }
    }
    case 'conflict': {
      const { account, error } = state
      const text = account || error.code !== 'already_bound' ? told(error) : m.conflict
      return look('warn', text, [startOver, act('checkAgain')], '', named(account))
    }
    case 'expired':
      return look('warn', told(state.error), [startOver])
    case 'refused':
    case 'blocked':
    case 'failed': {
      const { status, error } = state
      const isRefused = status === 'refused'
      const retry = status === 'failed' && state.step === 'load' ? 'checkAgain' : 'startOver'
      const reference = status === 'failed' ? error.requestId : state.reference
      const code = reference ? `${error.code} · ${reference}` : error.code
      const note = (
        <>
          {m.support} <code>{code}</code>
        </>
      )
      const actions = [isRefused ? startOver : act(retry, m.tryAgain)]
      return look(isRefused ? 'warn' : 'bad', told(error), actions, '', note)
    }
    case 'reconnect': {
      const actions = [act('connect', m.reconnect), manage(state.manageUrl), disconnect]
      return look('warn', m[state.reason], actions, '', named(state.account))
    }
    case 'offline':
    case 'session_required': {
      const isFramed = state.status === 'session_required' && state.framed
      const openInTab = isFramed && link('openInTab', m.openInTab, location.href, m.newWindow)
      return look('warn', isFramed ? m.framed : m[state.status], [openInTab, act('checkAgain', m.tryAgain)])
    }
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
