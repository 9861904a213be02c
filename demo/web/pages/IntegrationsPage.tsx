// The page this demo is about: the widget, where a partner would put it.
import { ConnectGitHub } from '../../../widget/index.ts'
import { Repositories } from '../../../widget/repositories.ts'
import type { Session } from '../useSession.ts'

const COMING_SOON = [
  { name: 'Tracker', about: 'Link issues to the releases that closed them.', letter: 'T' },
  { name: 'Chat', about: 'Post a summary to a channel on release day.', letter: 'C' },
  { name: 'Warehouse', about: 'Bring your own events from a nightly export.', letter: 'W' },
]

export function IntegrationsPage({ session: { company, connectGitHub } }: { session: Session }) {
  return (
    <>
      <title>Integrations · Brightline</title>
      <h1>Integrations</h1>
      <p className="lead">Tell Brightline what {company.name} ships, as it ships.</p>
      <div className="integrations">
        <section className="integrations-github" aria-label="GitHub">
          <ConnectGitHub {...connectGitHub} details={<Repositories {...connectGitHub} />} />
        </section>
        <aside className="card note integrations-note" aria-labelledby="what-layers-reads">
          <h2 id="what-layers-reads">What Layers reads</h2>
          <p>
            Brightline works with Layers, which reads your code to tell which change did what. You install its
            GitHub App, and on GitHub you decide what it sees.
          </p>
          <ul>
            <li>Only the repositories you choose there: all, or some.</li>
            <li>It may clone and analyze them, and open pull requests.</li>
            <li>No lasting key to GitHub is kept: Layers asks for a short-lived one each time.</li>
            <li>Uninstall the App on GitHub, and all access ends.</li>
          </ul>
        </aside>
        <section className="integrations-soon" aria-labelledby="coming-soon">
          <h2 id="coming-soon">Coming soon</h2>
          <ul className="soon">
            {COMING_SOON.map(({ name, about, letter }) => (
              <li key={name} className="card">
                <span className="soon-tile" aria-hidden="true">
                  {letter}
                </span>
                <span className="soon-name">{name}</span>
                <span className="quiet">{about}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </>
  )
}
