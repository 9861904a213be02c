// Every English text of the widget but those of errors, what another language is made of, and the host's texts in their place.
import type { GitHubAccount, ReconnectReason } from '../bff/contract.ts'
import { errorTexts, support, text } from './error-texts.ts'
import type { Text } from './error-texts.ts'
import type { RepositoryMessages } from './repositories-texts.ts'

const stillInstalled = 'The app stays installed on GitHub until you remove it there.'
const moment = 'This takes a moment.'
const reconnect = 'Please reconnect.'
const longer = 'This takes longer than usual.'

export const english = {
  label: 'GitHub connection',
  loading: 'Loading…',
  connect: 'Connect GitHub',
  notConnected: text('Connect your GitHub organization', 'You choose which repositories to share.'),
  stillInstalled,
  view_only: 'Only an administrator can change this.',
  opening: text('Opening GitHub…', moment),
  openingLong: longer,
  waiting: text('Waiting for you on GitHub', 'Choose there what to share.'),
  waitingLong: 'Is the app already installed? Press “Save” on GitHub, or start over.',
  popupBlocked: 'Your browser blocked the window.',
  openAgain: 'Open GitHub again',
  continueHere: 'Continue in this tab',
  startOver: 'Start over',
  cancel: 'Cancel',
  authorizing: text('One more step on GitHub', 'Confirm there who you are.'),
  continueOnGitHub: 'Continue on GitHub',
  returned: text('Back from GitHub', 'Checking that it is still you.'),
  binding: text('Finishing the connection…', moment),
  finishingLong: `${longer} You can leave the page.`,
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
  copyByHand: 'Copy it yourself',
  checkAgain: 'Check again',
  notApproved: 'Checked: not approved yet.',
  tryAgain: 'Try again',
  framed: text('Please open this page in its own tab', 'Inside another site you are signed out.'),
  openInTab: 'Open in a new tab',
  reconnect: 'Reconnect',
  uninstalled: text('The app was removed from GitHub', reconnect),
  suspended: text('The app is suspended on GitHub', 'Unsuspend it there, or reconnect.'),
  detached: text('GitHub is no longer connected', reconnect),
  unusable: text('The GitHub connection no longer works', reconnect),
  conflict: text(
    'GitHub is already connected',
    `Another customer of this site holds the only connection. ${support}`,
  ),
  support: 'Code:',

  ...errorTexts,
} satisfies Record<ReconnectReason, Text> &
  Record<GitHubAccount['type'], string> &
  Record<string, Text | string>

type Texts<T> = { readonly [K in keyof T]: T[K] extends string ? string : Text }

/**
 * All texts, complete. `{account}` in `connectedTo`, `{date}` in `since` and `{page}` in `approval` are filled in; each
 * may stand anywhere.
 */
export type Messages = Texts<typeof english>

/** The texts a host page wants to say differently; of a title and its next step also one alone. */
export type MessageOverrides = {
  readonly [K in keyof Messages]?: (Messages[K] extends string ? string : Partial<Text>) | undefined
}

/** All texts in one language, for the `locale` prop. */
export interface Language {
  /** BCP 47, e.g. `pt-BR`; dates and the `lang` attribute follow it. */
  readonly tag: string
  readonly dir: 'ltr' | 'rtl'
  readonly messages: Messages
  /** Of `<Repositories/>`. Without them it speaks English. */
  readonly repositories?: RepositoryMessages | undefined
}

/** The texts of the language, else the English ones, with those of the host in their place. */
export function mergeMessages(overrides: MessageOverrides = {}, locale?: string | Language): Messages {
  const base = typeof locale === 'object' ? locale.messages : english
  const merged: Record<string, Text | string> = { ...base }
  for (const [name, value] of Object.entries(overrides))
    if (value !== undefined)
      merged[name] = typeof value === 'string' ? value : Object.assign({}, merged[name], value)
  // The type of the overrides says that they agree with the texts of a language name by name.
  // eslint-disable-next-line typescript/no-unsafe-type-assertion
  return merged as Messages
}
