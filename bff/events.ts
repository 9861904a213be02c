// Every event the log can name: how loud it is, what happened, and what an operator does about it.
// Over 250 lines because it is one table, which the README lists and a test compares.

/** `alarm` is either: a warning when it passes by itself, an error when somebody has to act. */
type Level = 'info' | 'warn' | 'error' | 'alarm' | 'security'

interface EventRow {
  readonly level: Level
  /** What happened. */
  readonly means: string
  /** What to do; null when nothing has to be done. */
  readonly cure: string | null
}

/** Security events are warnings with `security: true`: alert on them. */
export const EVENTS = {
  // The process.
  started: { level: 'info', means: 'the store is open and requests are served', cure: null },
  stopped: {
    level: 'info',
    means: 'everything accepted was finished or given back, the store is closed',
    cure: null,
  },
  crashed: {
    level: 'error',
    means: 'something failed that nothing was prepared for: the process ends with exit code 1',
    cure: 'report it with this line; the next start finishes what was accepted',
  },
  start_failed: { level: 'error', means: 'the store could not be opened', cure: 'see detail' },
  storage_failed: {
    level: 'error',
    means: 'an I/O error or a corrupt file: the process stops',
    cure: 'check the disk and start again; what was accepted is finished then',
  },
  sweep_failed: {
    level: 'warn',
    means: 'flows could not be expired or deleted this time',
    cure: 'it is tried again; when it stays, check the disk, or the way to the database',
  },

  flows_expired: { level: 'info', means: 'flows whose time was up have ended', cure: null },
  flows_reduced: {
    level: 'info',
    means: 'flows that ended an hour ago have lost everything that tells whose they were',
    cure: null,
  },
  values_resealed: {
    level: 'info',
    means: 'stored values that an older data key had sealed are sealed with the newest one now',
    cure: null,
  },
  data_keys_replaced: {
    level: 'info',
    means: 'nothing is stored any more that an older data key has sealed',
    cure: 'take the older ones out of DATA_KEYS, or out of the key file',
  },
  values_unreadable: {
    level: 'error',
    means: 'stored values were sealed with a data key that is not at hand',
    cure: 'put that key back, at the end of DATA_KEYS or of the key file',
  },
  reseal_failed: {
    level: 'warn',
    means: 'values could not be sealed with the newest data key this time',
    cure: 'it is tried again; until data_keys_replaced comes, keep the older keys',
  },
  flows_purged: { level: 'info', means: 'old flows were deleted', cure: null },
  webhooks_purged: { level: 'info', means: 'old webhooks were forgotten', cure: null },

  // Requests.
  request: { level: 'info', means: 'a request was answered', cure: null },
  request_refused: {
    level: 'warn',
    means: 'a request was refused, and detail says why',
    cure: 'when it is your page or backend: see detail',
  },
  request_forbidden: {
    level: 'security',
    means:
      'somebody without the role, or a page that is not listed in ALLOWED_ORIGINS, wanted to change or read something',
    cure: 'when it is your page: see detail; many are somebody trying',
  },
  request_failed: { level: 'error', means: 'a request was answered with 5xx', cure: 'see code and detail' },
  response_failed: { level: 'warn', means: 'an answer could not be sent', cure: null },
  limits_not_shared: {
    level: 'warn',
    means: 'the database did not count for a limit; each process counts for itself until it does again',
    cure: 'check the database, and the way to it',
  },
  limits_shared_again: { level: 'info', means: 'the database counts again, for all processes', cure: null },

  // Connect tokens.
  token_keys_outdated: {
    level: 'warn',
    means: 'the key set could not be had; the last one stays in use for up to an hour',
    cure: 'check the way to CONNECT_TOKEN_JWKS_URL',
  },

  // A flow, from click to binding.
  flow_created: { level: 'info', means: 'somebody pressed Connect', cure: null },
  start_resumed: { level: 'info', means: 'a start that another process left was taken up', cure: null },
  install_url_failed: { level: 'error', means: 'Layers gave no install URL', cure: 'see code and detail' },
  install_url_refused: {
    level: 'security',
    means: 'Layers gave an install URL that is not one of GitHub’s',
    cure: 'check GITHUB_URL, GITHUB_APP_SLUG and LAYERS_API_URL',
  },
  return_accepted: { level: 'info', means: 'a return from GitHub was accepted', cure: null },
  return_awaits_approval: { level: 'info', means: 'a member asked an owner to approve the app', cure: null },
  return_confirmed: { level: 'info', means: 'the person was confirmed from our own page', cure: null },
  return_without_flow: {
    level: 'security',
    means: 'a return had no state, or an unknown one',
    cure: 'now and then it is an install from GitHub’s own pages; many are somebody trying',
  },
  return_in_other_browser: {
    level: 'security',
    means: 'a return came to another browser than the one that started',
    cure: 'many are somebody sending links around',
  },
  return_refused: {
    level: 'security',
    means: 'a return came to another user, tenant or organization, or to somebody who may no longer connect',
    cure: null,
  },
  finish_refused: { level: 'security', means: 'the same, when the person was to be confirmed', cure: null },
  person_changed: {
    level: 'security',
    means: 'a connect token of somebody else, or without the role, was shown in a browser with an open flow',
    cure: null,
  },
  state_replayed_with_other_installation: {
    level: 'security',
    means: 'a used state came back with another installation',
    cure: 'somebody is trying ids: look at the tenant',
  },
  installation_taken: {
    level: 'security',
    means: 'a tenant brought an installation, or an organization, that another tenant has',
    cure: 'give each tenant a layersOrganization; many are somebody trying ids',
  },
  failed_bindings_burst: {
    level: 'security',
    means: 'a tenant’s bindings keep failing',
    cure: 'somebody may be guessing ids: look at the tenant',
  },
  connection_forgotten: { level: 'info', means: 'somebody pressed Disconnect', cure: null },

  // Proof of ownership.
  authorization_accepted: {
    level: 'info',
    means: 'GitHub’s authorize page sent the customer back',
    cure: null,
  },
  authorization_declined: { level: 'info', means: 'the customer pressed Cancel there', cure: null },
  authorization_failed: {
    level: 'error',
    means: 'GitHub refused the authorize page',
    cure: 'check GITHUB_CLIENT_ID, and that the App lists PUBLIC_URL + /return as a callback URL',
  },
  ownership_proved: { level: 'info', means: 'the customer owns the account', cure: null },
  ownership_asked_again: {
    level: 'info',
    means: 'a proof was cut off after GitHub’s code was used; the customer is sent there again',
    cure: null,
  },
  ownership_refused: {
    level: 'security',
    means: 'the customer does not own the account; nothing was posted',
    cure: 'many are somebody trying ids: look at the tenant',
  },
  ownership_failed: {
    level: 'alarm',
    means: 'GitHub could not be asked; nothing was posted',
    cure: 'see code and detail',
  },
  ownership_hook_failed: {
    level: 'error',
    means: 'proveOwnership threw, took too long, or answered something else than true or false',
    cure: 'mend the function; until then nobody connects',
  },
  ownership_revocation_failed: {
    level: 'warn',
    means: 'a user token could not be revoked after the check; it was kept nowhere and runs out by itself',
    cure: null,
  },
  account_mismatch: {
    level: 'security',
    means: 'Layers recorded another account than the expected or proved one; it is not shown as connected',
    cure: 'have the binding detached at Layers',
  },

  // Recording the binding.
  binding_failed: {
    level: 'alarm',
    means: 'Layers did not record a binding this time',
    cure: 'see code and detail',
  },
  binding_retry: { level: 'info', means: 'it is tried again in delayMs', cure: null },
  binding_settled: { level: 'info', means: 'the flow ended as reason says', cure: null },
  binding_lease_lost: { level: 'warn', means: 'another process took the job over', cure: null },
  binding_unreadable: {
    level: 'error',
    means: 'an accepted return cannot be decrypted; it waits for the key until its flow’s time is up',
    cure: 'put the key it was sealed with back into DATA_KEYS',
  },
  conflicting_account_unknown: {
    level: 'warn',
    means: 'Layers did not say which installation stands in the way',
    cure: null,
  },
  dispatch_failed: {
    level: 'error',
    means: 'a job could not be worked on; it is tried again',
    cure: 'see error',
  },

  binding_postponed: {
    level: 'info',
    means:
      'nothing was sent, because Layers is down, enough is being retried, the process stops, or the job cannot be decrypted: see reason; it is tried in delayMs',
    cure: null,
  },

  // The way to Layers.
  upstream_circuit_opened: {
    level: 'warn',
    means: 'Layers failed several times in a row and is left alone; returns are accepted and wait',
    cure: 'when it stays, check the way to LAYERS_API_URL, and ask Layers',
  },
  upstream_circuit_closed: {
    level: 'info',
    means: 'Layers answers again, after durationMs; what waits is finished within two minutes',
    cure: null,
  },
  partner_key_refused: {
    level: 'security',
    means: 'Layers answered 401 to the key that reason names; the other one was tried when there is one',
    cure: 'replace that key, or remove it: see detail',
  },
  secrets_reloaded: {
    level: 'info',
    means: 'the files of secrets were read again and are in use',
    cure: null,
  },
  secrets_not_reloaded: {
    level: 'error',
    means: 'a file of secrets holds something that cannot be used; the former ones stay in use',
    cure: 'mend the file that detail names; it is read again by itself',
  },

  // A connection, afterwards.
  connection_check_failed: {
    level: 'warn',
    means: 'Layers did not say whether a binding still works; the last answer stays',
    cure: 'see code and detail',
  },
  repositories_failed: {
    level: 'warn',
    means: 'Layers did not list the repositories',
    cure: 'see code and detail',
  },
  avatar_missing: {
    level: 'info',
    means: 'GitHub gave no picture of a connected account that could be shown; the page shows GitHub’s mark',
    cure: 'always so: let the server reach GITHUB_URL and avatars.githubusercontent.com, or set AVATARS=off',
  },
  repositories_of_other_account: {
    level: 'security',
    means: 'Layers listed repositories of another account than the connected one; they were not shown',
    cure: 'see what is bound to the tenant’s Layers organization',
  },

  // GitHub's webhooks.
  webhook_received: { level: 'info', means: 'a webhook with a right signature came', cure: null },
  webhook_refused: {
    level: 'security',
    means: 'a webhook had no right signature, or could not be read',
    cure: 'when it is GitHub’s: GITHUB_WEBHOOK_SECRET is not the one in the App’s settings, or a body parser runs before the BFF',
  },
  webhook_busy: {
    level: 'warn',
    means: 'too many webhooks were being read, so one was refused unread',
    cure: 'behind a proxy, list it in TRUSTED_PROXIES; then have GitHub send it again',
  },
  installation_removed: {
    level: 'info',
    means: 'GitHub says that a connected App was uninstalled',
    cure: null,
  },
  installation_suspended: { level: 'info', means: 'GitHub says that it was suspended', cure: null },
  installation_unsuspended: { level: 'info', means: 'GitHub says that it works again', cure: null },
  installation_renamed: { level: 'info', means: 'GitHub says that its account has another name', cure: null },
} as const satisfies Record<string, EventRow>

export type EventName = keyof typeof EVENTS

type EventsWith<L extends Level> = {
  [Name in EventName]: (typeof EVENTS)[Name]['level'] extends L ? Name : never
}[EventName]

export type InfoEvent = EventsWith<'info'>
export type WarnEvent = EventsWith<'warn' | 'alarm'>
export type ErrorEvent = EventsWith<'error' | 'alarm'>
export type SecurityEvent = EventsWith<'security'>
