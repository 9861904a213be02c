// What all pages of the GitHub side share: head, header with the person switch, and the notice that it is a sandbox.

import { html, type Html } from '../html.ts'
import { PERSON_LOGINS, type PersonLogin } from './catalogue.ts'

export interface PageFrame {
  readonly title: string
  readonly person: PersonLogin
  /** Path and query to come back to after switching the person. */
  readonly here: string
  readonly content: Html
  /** Adds the script for the scenario `return_twice_next`. */
  readonly withReturnTwiceScript?: boolean
}

export const STYLESHEET_PATH = '/assets/page.css'
export const RETURN_TWICE_SCRIPT_PATH = '/assets/return-twice.js'
export const SWITCH_PERSON_PATH = '/switch-person'

export function renderPage({
  title,
  person,
  here,
  content,
  withReturnTwiceScript = false,
}: PageFrame): string {
  const others = PERSON_LOGINS.filter((login) => login !== person)
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · GitHub sandbox</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${STYLESHEET_PATH}" />
        ${withReturnTwiceScript ? html`<script defer src="${RETURN_TWICE_SCRIPT_PATH}"></script>` : null}
      </head>
      <body>
        <p class="notice">Sandbox. Nothing on this page reaches github.com.</p>
        <header class="top">
          <span class="brand"><span class="mark" aria-hidden="true"></span>GitHub sandbox</span>
          <div class="people">
            <span>Signed in as <strong>${person}</strong></span>
            ${others.map((other) => renderSwitch(other, here))}
          </div>
        </header>
        <main>${content}</main>
      </body>
    </html> `.markup
}

function renderSwitch(other: PersonLogin, here: string): Html {
  return html`<form class="person" method="post" action="${SWITCH_PERSON_PATH}">
    <input type="hidden" name="person" value="${other}" />
    <input type="hidden" name="back" value="${here}" />
    <button class="quiet">Switch to ${other}</button>
  </form> `
}

/** A page that only says something. */
export function renderMessage(
  frame: Omit<PageFrame, 'content'>,
  paragraphs: readonly (string | Html)[],
): string {
  const content = html`<section class="card">
    <h1>${frame.title}</h1>
    ${paragraphs.map((paragraph) => html`<p>${paragraph}</p> `)}
  </section>`
  return renderPage({ ...frame, content })
}
