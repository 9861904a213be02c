// Accounts and people in the shapes of GitHub's REST API; webhooks use the same.

import type { AccountType } from '../../records.ts'

interface Named {
  readonly accountId: number
  readonly login: string
}

/** GitHub's node ids are opaque; these only look like them. */
export function toNodeId(prefix: string, id: number): string {
  return `${prefix}_${Buffer.from(`sandbox:${id}`).toString('base64url')}`
}

/** Seconds, as GitHub writes them: two changes within a second look simultaneous. */
export function toTimestamp(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

/** The schema `simple-user`, which organizations have too. */
export function toWireAccount(githubUrl: string, { accountId, login }: Named, type: AccountType): object {
  const web = `${githubUrl}/${login}`
  const url = `${githubUrl}/api/v3/users/${login}`
  return {
    login,
    id: accountId,
    node_id: toNodeId(type === 'User' ? 'U' : 'O', accountId),
    avatar_url: `${githubUrl}/avatars/${accountId}`,
    gravatar_id: '',
    url,
    html_url: web,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: 'public',
    site_admin: false,
  }
}

/** The schema `public-user`, which is what GET /user shows to an App that may not read more. */
export function toWireUser(githubUrl: string, user: Named): object {
  return {
    ...toWireAccount(githubUrl, user, 'User'),
    name: null,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 2,
    public_gists: 0,
    followers: 3,
    following: 1,
    created_at: '2019-04-01T08:00:00Z',
    updated_at: '2026-01-15T12:00:00Z',
  }
}

/** The schema `organization-simple`. */
export function toWireOrganization(githubUrl: string, { accountId, login }: Named): object {
  const url = `${githubUrl}/api/v3/orgs/${login}`
  return {
    login,
    id: accountId,
    node_id: toNodeId('O', accountId),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${githubUrl}/avatars/${accountId}`,
    description: null,
  }
}
