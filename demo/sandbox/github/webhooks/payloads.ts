// The bodies of GitHub's webhook events (https://docs.github.com/en/webhooks/webhook-events-and-payloads).

import type { AppName } from '../../options.ts'
import type { RecordedInstallation } from '../../records.ts'
import type { World } from '../../world.ts'
import { getUser, PERSON_LOGINS, type Account, type Repository, type User } from '../catalogue.ts'
import type { InstallationChange } from '../installation-changes.ts'
import { toNodeId, toTimestamp, toWireAccount, toWireOrganization } from '../rest/wire-accounts.ts'
import { toWireInstallation } from '../rest/wire-installations.ts'

export interface WebhookEvent {
  /** `X-GitHub-Event` */
  readonly event: string
  readonly action: string | null
  readonly payload: object
}

type Context = Pick<World, 'apps' | 'directory' | 'installationsOf'> & { readonly githubUrl: string }

/** What GitHub sends after a change: nothing when a selection was saved as it was, two events when it lost and won. */
export function createInstallationEvents(
  context: Context,
  app: AppName,
  change: InstallationChange,
): WebhookEvent[] {
  const { installation, sender } = change
  const shared = {
    installation: toWireInstallation(context, app, installation),
    ...createActors(context, installation.account.login, sender),
  }
  if (change.kind !== 'repositories') {
    const repositories = listRepositories(context, installation, installation.repositories)
    const requester = PERSON_LOGINS.find((login) => login === installation.requestedBy)
    const payload = {
      action: change.kind,
      ...shared,
      // Only a new installation tells what it can see and who had asked for it.
      ...(change.kind === 'created'
        ? {
            repositories: repositories.map(toWireRepository),
            requester: requester ? toWireAccount(context.githubUrl, getUser(requester), 'User') : null,
          }
        : { requester: null }),
    }
    return [{ event: 'installation', action: change.kind, payload }]
  }

  const { before } = change
  const added = installation.repositories.filter((name) => !before.repositories.includes(name))
  const removed = before.repositories.filter((name) => !installation.repositories.includes(name))
  const create = (action: 'added' | 'removed'): WebhookEvent => ({
    event: 'installation_repositories',
    action,
    payload: {
      action,
      ...shared,
      repository_selection: installation.repositorySelection,
      repositories_added: action === 'added' ? toWire(added) : [],
      // Documented: empty when all became selected.
      repositories_removed:
        action === 'removed' && before.repositorySelection === 'selected' ? toWire(removed) : [],
      requester: null,
    },
  })
  const toWire = (names: readonly string[]) =>
    listRepositories(context, installation, names).map(toWireRepository)
  const isNarrowed = before.repositorySelection === 'all' && installation.repositorySelection === 'selected'
  const isWidened = before.repositorySelection === 'selected' && installation.repositorySelection === 'all'
  return [
    ...(added.length > 0 || isWidened ? [create('added')] : []),
    ...(removed.length > 0 || isNarrowed ? [create('removed')] : []),
  ]
}

export function createRenamedEvent(
  context: Context,
  installation: RecordedInstallation,
  account: Account,
  from: string,
  renamedAt: number,
): WebhookEvent {
  const sender = context.directory.getOwner(account.accountId)
  const payload = {
    action: 'renamed',
    account: {
      ...toWireAccount(context.githubUrl, account, account.type),
      ...toWireOrganization(context.githubUrl, account),
      created_at: '2019-04-01T08:00:00Z',
      updated_at: toTimestamp(renamedAt),
    },
    changes: { login: { from } },
    target_type: account.type,
    installation: {
      id: installation.installationId,
      node_id: toNodeId('IN', installation.installationId),
    },
    ...createActors(context, account.login, sender),
  }
  return { event: 'installation_target', action: 'renamed', payload }
}

export function createPing(context: Context, app: AppName, hookId: number, at: number): WebhookEvent {
  const { appId, webhook } = context.apps[app]
  const payload = {
    zen: 'Keep it logically awesome.',
    hook_id: hookId,
    hook: {
      type: 'App',
      id: hookId,
      name: 'web',
      active: true,
      events: [],
      config: {
        content_type: 'json',
        insecure_ssl: '0',
        // GitHub masks it as well.
        secret: '********',
        url: webhook?.url ?? '',
      },
      created_at: toTimestamp(at),
      updated_at: toTimestamp(at),
      app_id: appId,
      deliveries_url: `${context.githubUrl}/api/v3/app/hook/deliveries`,
    },
  }
  return { event: 'ping', action: null, payload }
}

function createActors({ githubUrl, directory }: Context, login: string, sender: User): object {
  const account = directory.getAccount(login)
  return {
    ...(account.type === 'Organization' ? { organization: toWireOrganization(githubUrl, account) } : {}),
    sender: toWireAccount(githubUrl, sender, 'User'),
  }
}

function listRepositories(
  { directory }: Context,
  { account }: RecordedInstallation,
  fullNames: readonly string[],
): Repository[] {
  return directory.getAccount(account.login).repositories.filter((one) => fullNames.includes(one.fullName))
}

function toWireRepository({ repoId, fullName, isPrivate }: Repository): object {
  return {
    id: repoId,
    node_id: toNodeId('R', repoId),
    name: fullName.split('/')[1],
    full_name: fullName,
    private: isPrivate,
  }
}
