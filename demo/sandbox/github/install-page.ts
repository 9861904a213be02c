// The install page: choose an account and repositories, then install, save, request or cancel. Plain forms, no script.

import { html, type Html } from '../html.ts'
import type { World } from '../world.ts'
import { createAppName } from './app-name.ts'
import type { Account, PersonLogin, Role } from './catalogue.ts'
import { renderPage } from './page-frame.ts'

export interface InstallPage {
  readonly person: PersonLogin
  /** Path and query of this page, which the form posts to. */
  readonly here: string
  /** What was wrong with the last submission, if anything. */
  readonly problem: string | null
  /** The account to show first; default the person's first. */
  readonly account: string | null
  /** Present when the scenario `return_twice_next` waits; names the redirect for the second tab. */
  readonly ticket: string | null
}

export function renderInstallPage(world: World, page: InstallPage): string {
  const { person, here, problem, ticket } = page
  const appName = createAppName(world.apps.connector.slug)
  const choices = world.directory.listAccountsOf(person)
  const selected = Math.max(
    0,
    choices.findIndex(({ account }) => account.login === page.account),
  )
  const content = html`<section class="card">
    <h1>Install ${appName}</h1>
    <p>
      ${appName} will be able to read code and metadata, and to open pull requests, in the repositories you
      choose.
    </p>
    ${problem === null ? null : html`<p class="problem" role="alert">${problem}</p>`}
    <form
      class="install"
      method="post"
      action="${here}"
      ${ticket === null ? null : html` target="_blank" data-ticket="${ticket}"`}
    >
      ${ticket === null ? null : html`<input type="hidden" name="ticket" value="${ticket}" />`}
      <fieldset>
        <legend>Where should it be installed?</legend>
        ${choices.map(({ account, role }, index) => renderAccount(account, role, index, index === selected))}
      </fieldset>
      ${choices.map(({ account, role }, index) => renderPanel(world, account, role, index))}
    </form>
  </section>`
  return renderPage({
    title: `Install ${appName}`,
    person,
    here,
    content,
    withReturnTwiceScript: ticket !== null,
  })
}

function renderAccount({ login, type }: Account, role: Role, index: number, isChecked: boolean): Html {
  const kind =
    type === 'User'
      ? 'Your personal account'
      : `Organization, you are ${role === 'owner' ? 'an owner' : 'a member'}`
  return html`<label class="row">
    <input
      type="radio"
      name="account"
      value="${login}"
      id="account-${index}"
      aria-labelledby="account-${index}-login"
      aria-describedby="account-${index}-kind"
      ${isChecked ? html` checked` : null}
    />
    <span class="avatar avatar-${index}" aria-hidden="true">${login.slice(0, 1).toUpperCase()}</span>
    <span class="words"
      ><strong id="account-${index}-login">${login}</strong
      ><small id="account-${index}-kind">${kind}</small></span
    >
  </label> `
}

/** One panel per account; the stylesheet shows the one whose radio is checked. */
function renderPanel(world: World, account: Account, role: Role, index: number): Html {
  const installation = world.installations.findByAccount(account.login)
  const request = world.installations.findRequest(account.login)
  const cancel = html`<button name="action" value="cancel" formnovalidate>Cancel</button>`
  if (role === 'member' && installation) {
    return html`<div class="panel" data-panel="${index}">
      <p class="hint">${account.login} has this App already. Only its owners can change it.</p>
      <p class="actions">${cancel}</p>
    </div> `
  }
  const current = installation ?? request
  const submit =
    role === 'member'
      ? html`<button class="primary" name="action" value="request">Request</button>`
      : installation
        ? html`<button class="primary" name="action" value="save">Save</button>`
        : html`<button class="primary" name="action" value="install">Install</button>`
  return html`<div class="panel" data-panel="${index}">
    ${installation && installation.suspendedAt !== null ? html`<p class="problem">This installation is suspended. ${account.login} has blocked the App for now.</p>` : null}
    ${installation ? html`<p class="hint">Installed on ${account.login}. You can change which repositories the App can see.</p>` : null}
    ${role === 'member' ? html`<p class="hint">Only an owner of ${account.login} can install Apps. They will be asked to approve your request.</p>` : null}
    ${role === 'owner' && request ? html`<p class="hint">${request.requestedBy} has asked for this App.</p>` : null}
    ${renderSelection(account, index, current?.repositorySelection === 'selected' ? current.repositories : null)}
    <p class="actions">${submit} ${cancel}</p>
  </div> `
}

function renderSelection(account: Account, index: number, chosen: readonly string[] | null): Html {
  const name = `repository_selection:${account.login}`
  const checked = html` checked`
  return html`<fieldset>
    <legend>Which repositories?</legend>
    <label class="row">
      <input
        type="radio"
        name="${name}"
        value="all"
        aria-labelledby="all-${index}"
        aria-describedby="all-${index}-hint"
        ${chosen === null ? checked : null}
      />
      <span class="words"
        ><strong id="all-${index}">All repositories</strong
        ><small id="all-${index}-hint">Also those that will be made later.</small></span
      >
    </label>
    <label class="row">
      <input
        type="radio"
        name="${name}"
        value="selected"
        aria-labelledby="selected-${index}"
        aria-describedby="selected-${index}-hint"
        ${chosen === null ? null : checked}
      />
      <span class="words"
        ><strong id="selected-${index}">Only select repositories</strong
        ><small id="selected-${index}-hint">At least one.</small></span
      >
    </label>
    <div class="repositories">
      ${account.repositories.map(
        ({ fullName, isPrivate }) =>
          html`<label class="row">
            <input
              type="checkbox"
              name="repository:${account.login}"
              value="${fullName}"
              aria-label="${fullName}"
              ${chosen?.includes(fullName) ? checked : null}
            />
            <span class="words">${fullName}<small>${isPrivate ? 'Private' : 'Public'}</small></span>
          </label> `,
      )}
    </div>
  </fieldset>`
}
