// Installations and Apps in the shapes of GitHub's REST API; webhooks use the same.

import type { AppName } from '../../options.ts'
import type { RecordedInstallation } from '../../records.ts'
import type { World } from '../../world.ts'
import { createAppName } from '../app-name.ts'
import { getUser, PERSON_LOGINS, UNSEEN_OWNER } from '../catalogue.ts'
import { toNodeId, toTimestamp, toWireAccount } from './wire-accounts.ts'

const PERMISSIONS = {
  connector: { contents: 'read', metadata: 'read', pull_requests: 'write' },
  partner: { members: 'read', metadata: 'read', organization_administration: 'read' },
} as const satisfies Record<AppName, Record<string, string>>

const EVENTS: readonly string[] = []

type Context = Pick<World, 'apps' | 'directory' | 'installationsOf'> & { readonly githubUrl: string }

/** The schema `installation`. */
export function toWireInstallation(
  { apps, directory, githubUrl }: Context,
  name: AppName,
  installation: RecordedInstallation,
): object {
  const app = apps[name]
  const { installationId, account, suspendedAt, suspendedBy } = installation
  const { accountId, login, type } = directory.getAccount(account.login)
  const url = `${githubUrl}/api/v3/app/installations/${installationId}`
  const settings = type === 'Organization' ? `organizations/${login}/settings` : 'settings'
  const suspender = [UNSEEN_OWNER, ...PERSON_LOGINS.map(getUser)].find((user) => user.login === suspendedBy)
  return {
    id: installationId,
    client_id: app.clientId,
    account: toWireAccount(githubUrl, { accountId, login }, type),
    repository_selection: installation.repositorySelection,
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${githubUrl}/api/v3/installation/repositories`,
    html_url: `${githubUrl}/${settings}/installations/${installationId}`,
    app_id: app.appId,
    app_slug: app.slug,
    target_id: accountId,
    target_type: type,
    permissions: PERMISSIONS[name],
    events: EVENTS,
    created_at: toTimestamp(installation.createdAt),
    updated_at: toTimestamp(installation.updatedAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: suspender ? toWireAccount(githubUrl, suspender, 'User') : null,
    suspended_at: suspendedAt === null ? null : toTimestamp(suspendedAt),
  }
}

/** The schema `integration`: what GET /app answers. */
export function toWireApp({ apps, installationsOf, githubUrl }: Context, name: AppName): object {
  const app = apps[name]
  return {
    id: app.appId,
    slug: app.slug,
    node_id: toNodeId('A', app.appId),
    client_id: app.clientId,
    owner: toWireAccount(
      githubUrl,
      { accountId: app.appId + 90_000_000, login: OWNERS[name] },
      'Organization',
    ),
    name: createAppName(app.slug),
    description: null,
    external_url: `${githubUrl}/${OWNERS[name]}`,
    html_url: `${githubUrl}/apps/${encodeURIComponent(app.slug)}`,
    created_at: '2024-03-01T09:00:00Z',
    updated_at: '2026-05-20T09:00:00Z',
    permissions: PERMISSIONS[name],
    events: EVENTS,
    installations_count: installationsOf[name].list().length,
  }
}

const OWNERS = { connector: 'layers', partner: 'brightline' } as const
