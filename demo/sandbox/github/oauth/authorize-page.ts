// The page that asks whoever is signed in whether an App may know who they are. A plain form, no script.

import { html } from '../../html.ts'
import type { SandboxApp } from '../../options.ts'
import { createAppName } from '../app-name.ts'
import type { PersonLogin } from '../catalogue.ts'
import { renderPage } from '../page-frame.ts'

export interface AuthorizePage {
  readonly app: SandboxApp
  readonly person: PersonLogin
  /** Path and query of this page, which the form posts to. */
  readonly here: string
  /** Where either button leads. */
  readonly redirectUrl: string
}

export function renderAuthorizePage({ app, person, here, redirectUrl }: AuthorizePage): string {
  const appName = createAppName(app.slug)
  const content = html`<section class="card">
    <h1>Authorize ${appName}</h1>
    <p class="owner">
      <span class="avatar" aria-hidden="true">${person.slice(0, 1).toUpperCase()}</span>
      <span class="words"
        ><strong>${person}</strong><small>To continue as somebody else, switch at the top.</small></span
      >
    </p>
    <p>
      ${appName} wants to know who you are on GitHub, which organizations you belong to, and where it is
      installed.
    </p>
    <form method="post" action="${here}">
      <p class="actions">
        <button class="primary" name="action" value="authorize">Authorize</button>
        <button name="action" value="cancel">Cancel</button>
      </p>
    </form>
    <p class="leads">Either way you are led back to <strong>${new URL(redirectUrl).origin}</strong>.</p>
  </section>`
  return renderPage({ title: `Authorize ${appName}`, person, here, content })
}
