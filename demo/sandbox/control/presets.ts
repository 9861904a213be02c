// The buttons of the control page: scenarios with ready parameters, grouped by what they are about.

import type { World } from '../world.ts'

export interface Preset {
  readonly label: string
  readonly name: string
  readonly params: Readonly<Record<string, unknown>>
}

export interface PresetGroup {
  readonly title: string
  readonly hint: string
  readonly presets: readonly Preset[]
}

const CALL_GROUPS: readonly PresetGroup[] = [
  {
    title: 'Layers refuses or fails',
    hint: 'The next matching call only.',
    presets: [
      createFailure('Install URL: rate limited', 'install_url', 429, 'RATE_LIMITED', {
        retryAfterSeconds: 5,
      }),
      createFailure('Install URL: return URL not allowed', 'install_url', 403, 'RETURN_URL_NOT_ALLOWED'),
      createFailure('Install URL: key invalid', 'install_url', 401, 'UNAUTHENTICATED'),
      createFailure('Bind: conflict', 'bind', 409, 'CONFLICT'),
      createFailure('Bind: no such installation', 'bind', 422, 'VALIDATION'),
      createFailure('Bind: error 500', 'bind', 500, 'INTERNAL'),
      {
        label: 'Bind: three errors 503',
        name: 'fail_next',
        params: { route: 'bind', times: 3, status: 503, code: 'UNAVAILABLE' },
      },
      { label: 'Kill switch on', name: 'kill_switch', params: { on: true } },
      { label: 'Kill switch off', name: 'kill_switch', params: { on: false } },
    ],
  },
  {
    title: 'Layers is slow, cut off or wrong',
    hint: 'The next matching call only.',
    presets: [
      {
        label: 'Install URL: 3 s late',
        name: 'delay_next',
        params: { route: 'install_url', delayMs: 3_000 },
      },
      { label: 'Bind: 15 s late', name: 'delay_next', params: { route: 'bind', delayMs: 15_000 } },
      { label: 'Bind: cut before', name: 'cut_next', params: { route: 'bind', when: 'before' } },
      { label: 'Bind: cut after it took effect', name: 'cut_next', params: { route: 'bind', when: 'after' } },
      {
        label: 'Install URL: HTML',
        name: 'wrong_shape_next',
        params: { route: 'install_url', shape: 'html' },
      },
      {
        label: 'Install URL: other host',
        name: 'wrong_shape_next',
        params: { route: 'install_url', shape: 'other_host' },
      },
      {
        label: 'Install URL: other state',
        name: 'wrong_shape_next',
        params: { route: 'install_url', shape: 'other_state' },
      },
      {
        label: 'Install URL: expired',
        name: 'wrong_shape_next',
        params: { route: 'install_url', shape: 'expired' },
      },
      { label: 'Bind: truncated', name: 'wrong_shape_next', params: { route: 'bind', shape: 'truncated' } },
      {
        label: 'Bind: other installation',
        name: 'wrong_shape_next',
        params: { route: 'bind', shape: 'other_installation' },
      },
    ],
  },
  {
    title: 'GitHub leads back oddly',
    hint: 'The next redirect only, unless it says on or off.',
    presets: [
      { label: 'With somebody else’s id', name: 'foreign_id_next', params: {} },
      { label: 'Twice', name: 'return_twice_next', params: {} },
      { label: 'Without state', name: 'no_state_next', params: {} },
      { label: 'With another state', name: 'other_state_next', params: {} },
      { label: 'Not at all', name: 'no_return_next', params: {} },
      { label: 'With a code', name: 'with_code_next', params: {} },
      {
        label: 'Code with each installation: on',
        name: 'configure_app',
        params: { app: 'connector', requestAuthorizationOnInstall: true },
      },
      {
        label: 'Code with each installation: off',
        name: 'configure_app',
        params: { app: 'connector', requestAuthorizationOnInstall: false },
      },
      { label: 'Redirect on update off', name: 'redirect_on_update', params: { on: false } },
      { label: 'Redirect on update on', name: 'redirect_on_update', params: { on: true } },
      { label: 'Opener policy: same-origin', name: 'coop', params: { value: 'same-origin' } },
      { label: 'Opener policy: allow popups', name: 'coop', params: { value: 'same-origin-allow-popups' } },
      { label: 'Opener policy: none', name: 'coop', params: { value: 'unsafe-none' } },
    ],
  },
  {
    title: 'GitHub’s API refuses, fails or is slow',
    hint: 'The next matching call only, unless it says on or off.',
    presets: [
      {
        label: 'Code exchange: error 502',
        name: 'fail_next',
        params: { route: 'github_token', status: 502 },
      },
      {
        label: 'Code exchange: 15 s late',
        name: 'delay_next',
        params: { route: 'github_token', delayMs: 15_000 },
      },
      {
        label: 'Code exchange: cut after it took effect',
        name: 'cut_next',
        params: { route: 'github_token', when: 'after' },
      },
      {
        label: 'Installations: rate limited',
        name: 'rate_limit_next',
        params: { route: 'github_user_installations', limit: 'primary' },
      },
      {
        label: 'Installations: too fast',
        name: 'rate_limit_next',
        params: { route: 'github_user_installations', limit: 'secondary', status: 429 },
      },
      {
        label: 'Membership: HTML',
        name: 'wrong_shape_next',
        params: { route: 'github_membership', shape: 'html' },
      },
      {
        label: 'Partner App’s permission off',
        name: 'app_permission',
        params: { app: 'partner', on: false },
      },
      { label: 'Partner App’s permission on', name: 'app_permission', params: { app: 'partner', on: true } },
    ],
  },
  {
    title: 'People and webhooks',
    hint: 'Webhooks are sent when an App has one; see configure_app.',
    presets: [
      {
        label: 'hubot becomes an owner of acme-coffee',
        name: 'set_membership',
        params: { person: 'hubot', account: 'acme-coffee', role: 'owner' },
      },
      {
        label: 'mona becomes a member of acme-coffee',
        name: 'set_membership',
        params: { person: 'mona', account: 'acme-coffee', role: 'member' },
      },
      {
        label: 'Rename acme-coffee to acme-roasters',
        name: 'rename_account',
        params: { account: 'acme-coffee', login: 'acme-roasters' },
      },
      { label: 'Hold webhooks', name: 'hold_webhooks', params: {} },
      { label: 'Release webhooks', name: 'release_webhooks', params: {} },
    ],
  },
]

/** With the accounts as they are called now. */
export function createPresetGroups({ directory }: World): readonly PresetGroup[] {
  const accounts = directory.listLogins().map((account) => ({
    title: `${account} on GitHub`,
    hint: 'Happens outside any flow, as if done in the settings of GitHub.',
    presets: [
      { label: 'Install', name: 'install', params: { account } },
      { label: 'Uninstall', name: 'uninstall', params: { account } },
      { label: 'Suspend', name: 'suspend', params: { account } },
      { label: 'Unsuspend', name: 'unsuspend', params: { account } },
      { label: 'Approve request', name: 'approve_request', params: { account } },
      { label: 'Next return brings its id', name: 'return_installation_next', params: { account } },
    ],
  }))
  return [...CALL_GROUPS, ...accounts]
}

function createFailure(
  label: string,
  route: string,
  status: number,
  code: string,
  more: Record<string, unknown> = {},
): Preset {
  return { label, name: 'fail_next', params: { route, status, code, ...more } }
}
