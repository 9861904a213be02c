// Every English text of the widget but those of errors, and the host's in their place.
import type { GitHubAccount, ReconnectReason } from '../bff/contract.ts'
import { errorTexts, support, text } from './error-texts.ts'
import type { Text } from './error-texts.ts'

const stillInstalled = 'The app stays installed on GitHub until you remove it there.'

export const english = {
  label: 'GitHub connection',
  loading: 'Loading…',
  connect: 'Connect GitHub',
  notConnected: text('Connect your GitHub organization', 'You choose on GitHub which repositories to share.'),
  stillInstalled,
  view_only: 'Only an administrator of your organization can change this.',
  opening: text('Opening GitHub…', ''),
  waiting: text('Continue on GitHub', 'Choose there what to share.'),
  waitingLong: 'Is the app already installed? Then press “Save” on GitHub, or start over.',
  popupBlocked: 'Your browser blocked the window.',
  openAgain: 'Open GitHub again',
  continueHere: 'Continue in this tab',
  startOver: 'Start over',
  cancel: 'Cancel',
  authorizing: text(
    'One more step on GitHub',
    'GitHub asks who you are, so that nobody can connect an account that is not theirs.',
  ),
  continueOnGitHub: 'Continue on GitHub',
  returned: text('Back from GitHub', 'Checking that it is still you.'),
  binding: text('Finishing the connection…', 'This takes a moment.'),
  finishingLong: 'This takes longer than usual. You can leave the page.',
  connected: 'GitHub is connected',
  connectedTo: 'Connected to {account}',
  Organization: 'Organization',
  User: 'Personal account',
  since: 'since {date}',
  manage: 'Manage on GitHub',
  newWindow: 'opens in a new window',
  disconnect: 'Disconnect',
  confirm: text('Disconnect GitHub?', stillInstalled),
  keep: 'Keep connected',
  awaiting_approval: text('Waiting for an owner’s approval', 'Send an owner this message:'),
  approval:
    'Please approve the GitHub App I asked for, in our organization’s settings on GitHub under “GitHub Apps”. Then open {page} and press “Connect GitHub”.',
  copy: 'Copy message',
  copied: 'Copied',
  copyByHand: 'Please copy it yourself',
  checkAgain: 'Check again',
  notApproved: 'Checked: not approved yet.',
  tryAgain: 'Try again',
  reconnect: 'Reconnect',
  uninstalled: text('The app was removed from GitHub', 'Please reconnect.'),
  suspended: text('The app is suspended on GitHub', 'Unsuspend it there, or reconnect.'),
  detached: text('GitHub is no longer connected', 'Please reconnect.'),
  unusable: text('The GitHub connection no longer works', 'Please reconnect.'),
  conflict: text(
    'GitHub is already connected',
    `Another customer account of this site holds the only connection. ${support}`,
  ),
  support: 'Code:',

  ...errorTexts,
} satisfies Record<ReconnectReason, Text> &
  Record<GitHubAccount['type'], string> &
  Record<string, Text | string>

type Texts<T> = { readonly [K in keyof T]: T[K] extends string ? string : Text }

/** All texts, complete. */
export type Messages = Texts<typeof english>

/** The texts a host page wants to say differently; of a title and its next step also one alone. */
export type MessageOverrides = {
  readonly [K in keyof Messages]?: (Messages[K] extends string ? string : Partial<Text>) | undefined
}

/** The English texts with those of the host in their place. */
export function mergeMessages(overrides: MessageOverrides = {}): Messages {
  const merged: Record<string, Text | string> = { ...english }
  for (const [name, value] of Object.entries(overrides))
    if (value !== undefined)
      merged[name] = typeof value === 'string' ? value : Object.assign({}, merged[name], value)
  // The type of the overrides says that they agree with the English texts name by name.
  // eslint-disable-next-line typescript/no-unsafe-type-assertion
  return merged as Messages
}
