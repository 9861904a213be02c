// The control page: a button per scenario, and what the sandbox remembers, refreshed by the script.

import { html, type Html } from '../html.ts'
import { SCENARIO_NAMES } from '../scenarios.ts'
import { APP_NAMES, type AppName, type SandboxApp } from '../options.ts'
import type { World } from '../world.ts'
import { createPresetGroups, type PresetGroup } from './presets.ts'

/** The lists the script fills, by their name in the state. */
const LISTS = [
  { name: 'requests', title: 'Requests to Layers', empty: 'None yet.' },
  { name: 'bindings', title: 'Bindings', empty: 'No organization has bound an installation.' },
  { name: 'states', title: 'States', empty: 'No install URL was asked for.' },
  { name: 'installations', title: 'Installations on GitHub', empty: 'The App is not installed anywhere.' },
  { name: 'pendingRequests', title: 'Pending requests', empty: 'No member waits for an owner.' },
  { name: 'githubRequests', title: 'Requests to GitHub’s API', empty: 'None yet.' },
  { name: 'userTokens', title: 'User access tokens', empty: 'Nobody has been signed in through an App.' },
  {
    name: 'webhookDeliveries',
    title: 'Webhook deliveries',
    empty: 'No App with a webhook has had an event.',
  },
] as const

export function renderControlPage(world: World, urls: { layersUrl: string; githubUrl: string }): string {
  const [key] = world.keys.values()
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Sandbox control</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/sandbox/control.css" />
        <script defer src="/sandbox/control.js"></script>
      </head>
      <body>
        <header>
          <h1>Sandbox control</h1>
          <p>A stand-in for the Layers API and for GitHub. Nothing here reaches either.</p>
          <dl>
            <div>
              <dt>Layers</dt>
              <dd><code>${urls.layersUrl}</code></dd>
            </div>
            <div>
              <dt>GitHub</dt>
              <dd><code>${urls.githubUrl}</code></dd>
            </div>
            <div>
              <dt>Key</dt>
              <dd><code>${key?.key ?? 'none'}</code></dd>
            </div>
            ${APP_NAMES.map((name) => renderAppFacts(name, world.apps[name]))}
          </dl>
        </header>
        <main>
          <noscript
            ><p class="message">
              The buttons and lists need JavaScript. The same is possible with POST /sandbox/scenarios.
            </p></noscript
          >
          <p class="message" id="message" role="status" hidden></p>
          <section aria-labelledby="now">
            <h2 id="now">Now</h2>
            <p id="situation">…</p>
            <p class="buttons">
              <button type="button" data-post="/sandbox/clock" data-body='{"advanceMs":60000}'>
                Clock: 1 minute on
              </button>
              <button type="button" data-post="/sandbox/clock" data-body='{"advanceMs":960000}'>
                Clock: 16 minutes on
              </button>
              <button type="button" class="danger" data-post="/sandbox/reset" data-body="{}">
                Reset everything
              </button>
            </p>
          </section>
          <section aria-labelledby="scenarios">
            <h2 id="scenarios">Scenarios</h2>
            <div class="groups">${createPresetGroups(world).map(renderGroup)}</div>
            <form class="custom" id="custom">
              <h3>Any scenario</h3>
              <label
                >Name
                <select name="name">
                  ${SCENARIO_NAMES.map((name) => html`<option>${name}</option>`)}
                </select></label
              >
              <label
                >Parameters (JSON) <textarea name="params" rows="2" spellcheck="false">{}</textarea>
              </label>
              <button>Run</button>
            </form>
          </section>
          ${LISTS.map(
            ({ name, title, empty }) =>
              html`<section aria-labelledby="${name}-title">
                <h2 id="${name}-title">${title} <span class="count" id="${name}-count"></span></h2>
                <div class="list" id="${name}" data-empty="${empty}"></div>
              </section> `,
          )}
        </main>
      </body>
    </html> `.markup
}

function renderAppFacts(name: AppName, { slug, appId, clientId, clientSecret }: SandboxApp): Html {
  return html`<div>
    <dt>${name === 'connector' ? 'Connector' : 'Partner App'}</dt>
    <dd>
      <code>${slug}</code>, App id <code>${appId}</code>, client <code>${clientId}</code>, secret
      <code>${clientSecret}</code>,
      <a href="/sandbox/apps/${name}/private-key.pem">private key</a>
    </dd>
  </div> `
}

function renderGroup({ title, hint, presets }: PresetGroup): Html {
  return html`<div class="group">
    <h3>${title}</h3>
    <p class="hint">${hint}</p>
    <p class="buttons">
      ${presets.map(
        ({ label, name, params }) =>
          html`<button
            type="button"
            data-post="/sandbox/scenarios"
            data-body="${JSON.stringify({ name, ...params })}"
          >
            ${label}
          </button> `,
      )}
    </p>
  </div> `
}
