// Scenarios on GitHub: odd returns, what people do there outside any flow, and what is registered about the Apps.

import { readTimes } from './call-scenarios.ts'
import type { ReturnFault } from './faults.ts'
import { PERSON_LOGINS } from './github/catalogue.ts'
import { MEMBERSHIP_STATES } from './github/directory.ts'
import type { Installations } from './github/installations.ts'
import { APP_NAMES, type SandboxApp, type SandboxWebhook } from './options.ts'
import { WEBHOOK_SIGNATURES } from './records.ts'
import { ScenarioError, type Scenario, type ScenarioParams } from './scenario-params.ts'
import type { World } from './world.ts'

/** GitHub's rule for logins: letters, digits and single hyphens inside. */
const LOGIN = /^[a-z\d](?:-?[a-z\d]){0,38}$/i

export const GITHUB_SCENARIOS: Readonly<Record<string, Scenario>> = {
  foreign_id_next: queueReturn('foreign_id'),
  return_installation_next: (world, params) => {
    const account = params.oneOf('account', world.directory.listLogins())
    const times = readTimes(params)
    params.done()
    world.faults.queueReturnedAccount(world.directory.getAccount(account).accountId, times)
  },
  return_twice_next: queueReturn('return_twice'),
  no_state_next: queueReturn('no_state'),
  other_state_next: queueReturn('other_state'),
  no_return_next: queueReturn('no_return'),
  with_code_next: queueReturn('with_code'),
  install: changeInstallation(
    (installations, account) => installations.install(account, 'all') !== undefined,
  ),
  uninstall: changeInstallation((installations, account) => installations.uninstall(account)),
  suspend: changeInstallation((installations, account) => installations.setSuspended(account, true)),
  unsuspend: changeInstallation((installations, account) => installations.setSuspended(account, false)),
  approve_request: (world, params) => {
    const account = params.oneOf('account', world.directory.listLogins())
    params.done()
    if (!world.installations.approve(account)) {
      throw new ScenarioError(`nobody has asked for the App on ${account}`)
    }
  },
  rename_account: (world, params) => {
    const account = params.oneOf('account', world.directory.listOrganizations())
    const login = params.text('login')
    params.done()
    if (!LOGIN.test(login)) throw new RangeError('login must be 1 to 39 letters, digits and inner hyphens')
    if (world.directory.findAccount(login)) throw new ScenarioError(`${login} is taken`)
    world.renameAccount(account, login)
  },
  set_membership: (world, params) => {
    const person = params.oneOf('person', PERSON_LOGINS)
    const account = params.oneOf('account', world.directory.listOrganizations())
    const role = params.oneOf('role', ['owner', 'member', 'none'])
    const state = params.has('state') ? params.oneOf('state', MEMBERSHIP_STATES) : 'active'
    params.done()
    world.directory.setMembership(person, account, role === 'none' ? null : role, state)
  },
  app_permission: (world, params) => {
    const app = params.oneOf('app', APP_NAMES)
    const on = params.boolean('on')
    const account = params.has('account')
      ? params.oneOf('account', world.directory.listOrganizations())
      : null
    params.done()
    const accountId = account === null ? null : world.directory.getAccount(account).accountId
    world.appPermissions.set(app, accountId, on)
  },
  configure_app: (world, params) => {
    const app = params.oneOf('app', APP_NAMES)
    const changes: Partial<SandboxApp> = {
      ...(params.has('callbackUrls') ? { callbackUrls: params.texts('callbackUrls') } : {}),
      ...(params.has('requestAuthorizationOnInstall')
        ? { requestAuthorizationOnInstall: params.boolean('requestAuthorizationOnInstall') }
        : {}),
      ...(params.has('webhook') ? { webhook: parseWebhook(params.object('webhook')) } : {}),
    }
    params.done()
    world.apps.configure(app, changes)
  },
  hold_webhooks: (world, params) => {
    params.done()
    world.webhooks.hold()
  },
  release_webhooks: (world, params) => {
    const deliveries = params.has('deliveries') ? params.texts('deliveries') : undefined
    params.done()
    void world.webhooks.release(deliveries)
  },
  redeliver_webhook: (world, params) => {
    const delivery = params.text('delivery')
    const signature = params.has('signature') ? params.oneOf('signature', WEBHOOK_SIGNATURES) : 'valid'
    params.done()
    void world.webhooks.redeliver(delivery, signature)
  },
  ping_webhook: (world, params) => {
    const app = readApp(params)
    params.done()
    world.pingWebhook(app)
  },
}

function queueReturn(fault: ReturnFault): Scenario {
  return (world, params) => {
    const times = readTimes(params)
    params.done()
    world.faults.queueReturn(fault, times)
  }
}

/** `change` returns false when there is no installation to change. */
function changeInstallation(change: (installations: Installations, account: string) => boolean): Scenario {
  return (world, params) => {
    const account = params.oneOf('account', world.directory.listLogins())
    const app = readApp(params)
    params.done()
    if (!change(world.installationsOf[app], account)) {
      throw new ScenarioError(`the App is not installed on ${account}`)
    }
  }
}

function readApp(params: ScenarioParams): keyof World['installationsOf'] {
  return params.has('app') ? params.oneOf('app', APP_NAMES) : 'connector'
}

function parseWebhook(value: Readonly<Record<string, unknown>> | null): SandboxWebhook | null {
  if (value === null) return null
  const { url, secret, ...unknown } = value
  const isUrl = typeof url === 'string' && /^https?:\/\//.test(url) && URL.canParse(url)
  if (!isUrl || typeof secret !== 'string' || secret === '' || Object.keys(unknown).length > 0) {
    throw new RangeError('webhook must be {url, secret} with an http or https URL, or null')
  }
  return { url, secret }
}
