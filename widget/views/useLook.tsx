// What each state looks like, and the two answers of the card's own: to "Disconnect", and to copying and checking while an
// owner has to approve.
import { createElement, useState } from 'react'
import type { ReactNode } from 'react'
import type { ConnectionView } from '../../bff/contract.ts'
import type { ConnectGitHubError } from '../error.ts'
import { nameText } from '../error-texts.ts'
import type { Messages } from '../messages.ts'
import type { Actions, Status } from '../state.ts'
import type { ConnectGitHubState } from '../useConnectGitHub.ts'

/** Of the sign on the mark: none, something is under way, good, needs attention, failed. */
type Tone = 'idle' | 'busy' | 'good' | 'warn' | 'bad'
type Action = keyof Actions | 'manage' | 'copy' | 'keep' | 'confirm' | 'tryAgain' | 'openInTab'

/** Tone and actions of each state, and of the confirmation. The first action is the main one, except where all is `good`. */
const LOOKS: Readonly<Record<Status | 'confirm', readonly [Tone, ...Action[]]>> = {
  loading: ['idle'],
  not_connected: ['idle', 'connect', 'manage'],
  view_only: ['idle', 'checkAgain'],
  opening: ['busy', 'connect'],
  waiting: ['busy', 'openAgain', 'startOver', 'cancel'],
  authorizing: ['busy', 'openAgain', 'startOver', 'cancel'],
  finishing: ['busy'],
  connected: ['good', 'manage', 'disconnect'],
  reconnect: ['warn', 'connect', 'manage', 'disconnect'],
  confirm: ['warn', 'keep', 'confirm'],
  awaiting_approval: ['warn', 'copy', 'checkAgain', 'startOver'],
  conflict: ['warn', 'startOver', 'checkAgain'],
  refused: ['warn', 'startOver'],
  expired: ['warn', 'startOver'],
  blocked: ['bad', 'tryAgain'],
  failed: ['bad', 'tryAgain'],
  offline: ['warn', 'tryAgain'],
  session_required: ['warn', 'openInTab', 'tryAgain'],
}

/** What some of the states carry; the assignment below checks it against them. */
interface Facts
  extends
    Partial<Actions>,
    Partial<Pick<ConnectionView, 'account' | 'connectedAt' | 'manageUrl' | 'avatarUrl' | 'reason'>> {
  readonly connection?: ConnectionView | null
  readonly error?: ConnectGitHubError
  readonly reference?: string
  readonly step?: string
  readonly popup?: boolean
  readonly blocked?: boolean
  readonly launchUrl?: string
  readonly checkedAt?: number
  readonly framed?: boolean
}

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
) {
  const [isAsking, setAsking] = useState(false)
  /** How copying ended; or when the answer came that was known when another was asked for, in epoch milliseconds. */
  const [reply, setReply] = useState<string | number>('')
  const { status, trouble, busy, slow } = state
  const facts: Facts & { readonly status: Status } = state
  const { connection, manageUrl, reason, error, step, popup, blocked, checkedAt = 0, framed } = facts
  const { connect, startOver, checkAgain, disconnect } = facts
  const { account, connectedAt, avatarUrl } = connection ?? facts
  const asksToConfirm = isAsking && disconnect
  const [tone, ...names] = LOOKS[asksToConfirm ? 'confirm' : status]

  const pickText = () => {
    if (asksToConfirm) return 'confirm'
    if (state.status === 'awaiting_approval') return state.status
    if ('error' in state) {
      const { code } = state.error
      return status === 'conflict' && !account && code === 'already_bound' ? 'conflict' : nameText(code)
    }
    if ('connection' in state) {
      if (!connection) return 'forbidden'
      return connection.status === 'connected' ? 'connected' : 'not_connected'
    }
    if ('reason' in state) return state.reason
    if ('step' in state) return state.step
    if (framed) return 'framed'
    return state.status === 'not_connected' ? 'notConnected' : state.status
  }
  const name = pickText()
  const isConnected = name === 'connected'
  const text = m[name]
  const { title, next } = typeof text === 'string' ? { title: text, next: '' } : text

  const isPending = status === 'awaiting_approval'
  // Query and hash may hold what is not meant for others; the page's place is enough.
  const request = isPending && m.approval.replace('{page}', () => location.origin + location.pathname)

  // In place of the text, so that the card keeps its height.
  const pickHint = () => {
    if (asksToConfirm || framed) return ''
    // Where the error is the state itself, the text says so already.
    if (trouble && name !== nameText(trouble.code)) return trouble.displayMessage
    if (isConnected) {
      const date = connectedAt && new Date(connectedAt).toLocaleDateString(tag, { dateStyle: 'long' })
      const parts = [account && m[account.type], date && m.since.replace('{date}', () => date)]
      return parts.filter(Boolean).join(' · ')
    }
    if (connection) return m.view_only
    if (status === 'not_connected') return manageUrl && m.stillInstalled
    if (blocked) return staysHere ? m.popupBlocked : m.framed.title
    // An answer newer than the press was asked for by it, or is as good.
    if (isPending) return typeof reply === 'string' ? reply : checkedAt > reply ? m.notApproved : m.loading
    const long: { readonly [S in Status]?: string } = {
      opening: m.openingLong,
      waiting: m.waitingLong,
      finishing: m.finishingLong,
    }
    return slow && long[status]
  }

  const reference = facts.reference ?? error?.requestId
  const support = error && (tone === 'bad' || status === 'refused') && (
    <>
      {m.support} <code>{reference ? `${error.code} · ${reference}` : error.code}</code>
    </>
  )

  const stop = () => setAsking(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(request || '')
      setReply(m.copied)
    } catch {
      // Denied, or no secure context: the field below takes the focus and is selected, the keys do the rest.
      setReply(m.copyByHand)
    }
  }
  const presses: { readonly [A in Action]?: (() => void) | undefined } = {
    ...facts,
    tryAgain: error && step !== 'load' ? startOver : checkAgain,
    disconnect: () => setAsking(true),
    keep: stop,
    confirm: () => {
      stop()
      disconnect?.()
    },
    copy: () => void copy(),
    checkAgain: () => {
      setReply(isPending ? checkedAt : '')
      checkAgain?.()
    },
  }
  /** Of those actions that are links; undefined where it is a button after all, empty where there is nothing to go to. */
  const urls: { readonly [A in Action]?: string | false | null | undefined } = {
    manage: manageUrl,
    openInTab: !!framed && location.href,
    openAgain: popup ? undefined : facts.launchUrl,
  }
  // GitHub cannot be shown in a frame; a link to a tab of its own is not blocked there as a window is.
  const staysHere = facts.launchUrl && !popup && self === top
  const labels = {
    ...m,
    connect: reason ? m.reconnect : label,
    openAgain: staysHere ? m.continueHere : popup && status === 'waiting' ? m.openAgain : m.continueOnGitHub,
    confirm: m.disconnect,
  }
  const actions = names.map((action) => {
    const url = urls[action]
    const common = { key: action, 'data-cgh-part': action, children: labels[action] }
    if (url !== undefined) {
      const window = !(staysHere && action === 'openAgain') && {
        title: m.newWindow,
        target: '_blank',
        rel: 'noreferrer',
      }
      return url && createElement('a', { href: url, ...window, ...common })
    }
    const press = presses[action]
    const isLocked = !press || (press === connect || press === startOver ? disabled : busy)
    // Locked, it stays focusable, unlike a disabled one, so that the keyboard is not thrown off the card.
    const lock = isLocked ? { 'aria-disabled': true } : { onClick: press }
    return createElement('button', { type: 'button', ...lock, ...common })
  })

  const said = pickHint() || next
  const named = (words: string) => (account && !asksToConfirm ? isolate(words, account.login) : null)
  return {
    tone: isConnected ? 'good' : tone,
    name,
    avatarUrl,
    title: (isConnected && named(m.connectedTo)) || title,
    said: (!isConnected && named(`{account} · ${said}`)) || said,
    note: isConnected ? connection && m.view_only : support,
    message: request && (
      <input
        key={reply}
        data-cgh-part="message"
        autoFocus={reply === m.copyByHand}
        onFocus={({ target }) => target.select()}
        readOnly
        value={request}
        aria-label={m.copy}
      />
    ),
    actions,
    stop,
  }
}

/** The text with the login in place of `{account}`, isolated so that a name in another script does not turn the text around. */
function isolate(text: string, login: string): ReactNode {
  const [before, after] = text.split('{account}')
  return (
    <>
      {before}
      <bdi>{login}</bdi>
      {after}
    </>
  )
}
