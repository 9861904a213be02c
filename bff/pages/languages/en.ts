// What the pages say in English.
import type { PageTexts } from '../page-texts.ts'

const notSetUp = 'The connection is not set up correctly. Please tell the support of this site.'
const notLikeThis = 'This page cannot be opened like this. Please go back and start again.'
const tooLong = 'This took too long. Please start again.'
const replaced = 'A newer attempt replaced this one.'

export const en: PageTexts = {
  tag: 'en',
  dir: 'ltr',

  goBack: 'Go back',
  tryAgain: 'Try again',
  continueOnGitHub: 'Continue on GitHub',
  reference: 'Reference for support:',
  closeWindow: 'You can close this window.',
  failed: 'This did not work',

  opening: { title: 'Opening GitHub…', text: 'One moment, this goes on by itself.' },
  cannotOpen: 'GitHub could not be opened. Please go back and try again.',
  notOpened: 'GitHub was not opened',

  notFinished: 'Not finished yet',
  elsewhere: { title: 'You can close this window', text: 'The page where you started shows how it went.' },
  noLongerCounted:
    'The app may be installed on GitHub now, but this attempt no longer counted, so nothing was connected. Go back and press Connect to use it.',
  whoYouAre:
    'The app is installed. Now GitHub asks who you are: only an owner of the account can connect it, so that nobody connects one that is not theirs.',

  statuses: {
    starting: { title: 'Opening GitHub…', text: 'Getting GitHub ready.' },
    waiting: { title: 'Waiting for you on GitHub', text: 'Choose there which repositories to share.' },
    returned: { title: 'Back from GitHub', text: 'Checking that it is still you.' },
    authorizing: { title: 'One more step on GitHub', text: 'Confirm on GitHub who you are.' },
    binding: { title: 'Thank you, finishing', text: 'Received. Finishing the connection.' },
    connected: { title: 'GitHub is connected', text: 'The page where you started shows it, too.' },
    awaiting_approval: {
      title: 'Approval requested',
      text: 'An owner of the GitHub organization has to approve the request.',
    },
    conflict: { title: 'Not connected', text: 'Another GitHub account is already connected.' },
    refused: { title: 'Not connected', text: 'This installation could not be connected.' },
    expired: { title: 'This took too long', text: 'Please start again.' },
    cancelled: { title: 'Cancelled', text: 'Nothing was connected.' },
    superseded: { title: 'Replaced by a newer attempt', text: replaced },
    blocked: { title: 'Not connected', text: notSetUp },
  },

  problemTitles: {
    return_unknown: 'No connection in progress',
    return_other_browser: 'Started in another browser',
    return_malformed: 'GitHub’s answer could not be read',
    missing_installation: 'No installation was named',
    state_replayed: 'Already used',
    rate_limited: 'Too many tries',
    not_found: 'There is nothing here',
  },

  errors: {
    invalid_request: notLikeThis,
    session_required: 'Please sign in and try again.',
    forbidden: 'You may not connect GitHub for this organization. Please ask an administrator.',
    request_not_trusted: notLikeThis,
    not_found: 'Please go back and start again.',
    method_not_allowed: notLikeThis,
    payload_too_large: notLikeThis,
    unsupported_media_type: notLikeThis,
    rate_limited: 'Please wait a moment, then try again.',
    internal: 'Something went wrong on our side. Please try again.',
    identity_unavailable: 'We could not check who you are. Please try again.',
    storage_unavailable: 'The service is busy. Please try again.',
    shutting_down: 'The service is restarting. Please try again.',
    return_unknown:
      'This page was opened without a connection in progress. Go back to where you started and press Connect.',
    return_other_browser:
      'The connection was started in another browser. Go back there, or start again here.',
    return_malformed: 'Please start again.',
    state_replayed: 'This answer from GitHub was already used.',
    missing_installation: 'GitHub did not say which installation was made. Please start again.',
    session_mismatch: 'Somebody else signed in meanwhile. Please start again.',
    flow_expired: tooLong,
    flow_superseded: replaced,
    flow_cancelled: 'This attempt was cancelled.',
    installation_not_found:
      'The app is not installed there, or cannot be seen. Please install it and try again.',
    installation_unusable: 'The app is installed, but suspended or removed on GitHub.',
    already_bound: 'Another GitHub account is already connected. It has to be detached first.',
    installation_in_use: 'This GitHub account is already connected elsewhere.',
    account_mismatch:
      'The app was installed on another GitHub account than the one expected here. Please choose that one.',
    ownership_not_proved:
      'Only an owner of the GitHub account can connect it. Ask an owner to do it, or choose an account you own.',
    ownership_declined: 'You did not confirm on GitHub who you are, so nothing was connected.',
    ownership_unavailable:
      'GitHub could not be asked who owns the account, so nothing was connected. Please try again.',
    ownership_sign_on: 'Your organization asks for single sign-on. Sign in to it on GitHub, then try again.',
    not_connected: 'GitHub is not connected, or has to be connected again.',
    partner_key_refused: notSetUp,
    scope_missing: notSetUp,
    return_url_not_allowed: notSetUp,
    organization_unknown: notSetUp,
    install_url_refused: notSetUp,
    ownership_misconfigured: notSetUp,
    kill_switch: 'Connecting is switched off at the moment. Please try again later.',
    upstream_refused: notSetUp,
    upstream_invalid: 'Something went wrong on our side. Please try again.',
    upstream_rate_limited: 'The service is busy. Please try again in a moment.',
    upstream_unavailable: 'The service cannot be reached. Please try again.',
  },
}
