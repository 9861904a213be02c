// The settings page of an account: the App as installed or asked for there, and what an owner can do about it.

import { html, type Html } from '../html.ts'
import type { RecordedInstallation, RecordedPendingRequest } from '../records.ts'
import type { World } from '../world.ts'
import { createAppName } from './app-name.ts'
import type { Account, PersonLogin } from './catalogue.ts'
import { renderPage } from './page-frame.ts'
import { createInstallPath, createSettingsPath } from './page-paths.ts'

export interface SettingsPage {
  readonly person: PersonLogin
  readonly account: Pick<Account, 'login' | 'type'>
  /** What was wrong with the last button, if anything. */
  readonly problem: string | null
}

const TITLE = 'Installed GitHub Apps'

export function renderSettingsPage(world: World, { person, account, problem }: SettingsPage): string {
  const { login, type } = account
  const here = createSettingsPath(account)
  const role = world.directory.findRole(person, login)
  const content = html`<section class="card">
    <p class="owner">
      <span class="avatar" aria-hidden="true">${login.slice(0, 1).toUpperCase()}</span>
      <span class="words"
        ><strong>${login}</strong
        ><small>${type === 'User' ? 'Your personal account' : 'Organization settings'}</small></span
      >
    </p>
    <h1>${TITLE}</h1>
    ${problem === null ? null : html`<p class="problem" role="alert">${problem}</p>`}
    ${role === 'owner' ? null : html`<p class="hint">Only owners of ${login} can change what is installed. ${role === 'member' ? 'You are a member.' : 'You do not belong to it.'}</p>`}
    ${role === undefined ? null : renderApps(world, login, here, role === 'owner')}
  </section>`
  return renderPage({ title: `${TITLE} · ${login}`, person, here, content })
}

function renderApps(world: World, login: string, here: string, isOwner: boolean): Html {
  const installation = world.installations.findByAccount(login)
  const request = world.installations.findRequest(login)
  if (installation) return renderInstallation(world.apps.connector.slug, installation, here, isOwner)
  if (request) return renderRequest(world.apps.connector.slug, request, here, isOwner)
  return html`<p class="empty">No GitHub Apps are installed on ${login}.</p>`
}

function renderInstallation(
  slug: string,
  installation: RecordedInstallation,
  here: string,
  isOwner: boolean,
): Html {
  const { account, createdAt, requestedBy, suspendedAt } = installation
  const details = html`<p>${describeRepositories(installation)}</p>
    <p>
      Installed on ${renderDate(createdAt)}${requestedBy === null ? null : `, as ${requestedBy} had asked`}.
    </p>
    ${suspendedAt === null ? null : html`<p class="problem">Suspended since ${renderDate(suspendedAt)}: the App has no access for now.</p>`}`
  const buttons = html`<a class="button" href="${createInstallPath(slug, account.login)}">Configure</a>
    ${suspendedAt === null ? renderButton('suspend', 'Suspend') : renderButton('unsuspend', 'Unsuspend')}
    ${renderButton('uninstall', 'Uninstall', 'danger')}`
  return renderApp(slug, details, isOwner ? renderForm(here, buttons) : null)
}

function renderRequest(slug: string, request: RecordedPendingRequest, here: string, isOwner: boolean): Html {
  const details = html`<p>
      Pending request: ${request.requestedBy} asked for it on ${renderDate(request.requestedAt)}.
    </p>
    <p>${describeRepositories(request)}</p>
    ${isOwner ? null : html`<p>An owner has to decide.</p>`}`
  const buttons = html`${renderButton('approve', 'Approve', 'primary')}
  ${renderButton('deny', 'Deny', 'danger')}`
  return renderApp(slug, details, isOwner ? renderForm(here, buttons) : null)
}

function renderApp(slug: string, details: Html, form: Html | null): Html {
  const name = createAppName(slug)
  return html`<article class="app" aria-labelledby="app-name">
    <span class="avatar avatar-app" aria-hidden="true">${name.slice(0, 1)}</span>
    <div class="words">
      <h2 id="app-name">${name}</h2>
      ${details}
    </div>
    ${form}
  </article>`
}

function renderForm(here: string, buttons: Html): Html {
  return html`<form class="actions" method="post" action="${here}">${buttons}</form>`
}

function renderButton(action: string, text: string, look: 'plain' | 'primary' | 'danger' = 'plain'): Html {
  return html`<button class="${look}" name="action" value="${action}">${text}</button>`
}

function describeRepositories({
  repositorySelection,
  repositories,
}: Pick<RecordedInstallation, 'repositorySelection' | 'repositories'>): string {
  return repositorySelection === 'all'
    ? 'All repositories.'
    : `Only selected repositories: ${repositories.join(', ')}.`
}

function renderDate(at: number): Html {
  const date = new Date(at)
  const text = date.toLocaleDateString('en-US', { dateStyle: 'long', timeZone: 'UTC' })
  return html`<time datetime="${date.toISOString()}">${text}</time>`
}
