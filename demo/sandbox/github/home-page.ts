// The front page of the GitHub side: links to everything it has for the person who is signed in.

import { html } from '../html.ts'
import type { World } from '../world.ts'
import { createAppName } from './app-name.ts'
import type { PersonLogin } from './catalogue.ts'
import { renderPage } from './page-frame.ts'
import { createInstallPath, createSettingsPath, HOME_PATH } from './page-paths.ts'

export function renderHomePage(world: World, person: PersonLogin): string {
  const appName = createAppName(world.apps.connector.slug)
  const organizations = world.directory
    .listAccountsOf(person)
    .map(({ account }) => account)
    .filter(({ type }) => type === 'Organization')
  const accounts = [...organizations, { login: person, type: 'User' as const }]
  const content = html`<section class="card">
    <h1>GitHub sandbox</h1>
    <p>What ${person} can reach here.</p>
    <h2>The App</h2>
    <ul>
      <li><a href="${createInstallPath(world.apps.connector.slug)}">Install ${appName}</a></li>
    </ul>
    <h2>Installed GitHub Apps</h2>
    <ul>
      ${accounts.map(
        (account) =>
          html`<li>
            <a href="${createSettingsPath(account)}">${account.login}</a>
            <small>${account.type === 'User' ? 'Your personal account' : 'Organization'}</small>
          </li> `,
      )}
    </ul>
  </section>`
  return renderPage({ title: 'Home', person, here: HOME_PATH, content })
}
