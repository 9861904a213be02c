// The first page after signing in: a few figures, so that the product has something to be about.
import type { Session } from '../useSession.ts'
import { GitHubPrompt } from './GitHubPrompt.tsx'
import { NUMBERS } from './numbers.ts'
import { SignUpsChart } from './SignUpsChart.tsx'

export function OverviewPage({ session }: { session: Session }) {
  const { person, company } = session
  const { figures, signUps, releases } = NUMBERS[company.id]
  return (
    <>
      <title>Overview · Brightline</title>
      <h1>Hello, {person.name.split(' ')[0]}</h1>
      <p className="lead">What {company.name} shipped, and what it moved, over the last twelve weeks.</p>
      <dl className="figures">
        {figures.map(({ title, value, change, direction }) => (
          <div key={title} className="card figure">
            <dt>{title}</dt>
            <dd className="figure-value">{value}</dd>
            <dd className={`figure-change ${direction}`}>
              <span aria-hidden="true">{direction === 'up' ? '▲' : '▼'}</span>
              <span className="hidden-text">{direction}</span> {change}
            </dd>
          </div>
        ))}
      </dl>
      <div className="columns">
        <section className="card" aria-labelledby="sign-ups">
          <h2 id="sign-ups">Sign-ups per week</h2>
          <SignUpsChart signUps={signUps} />
        </section>
        <section className="card" aria-labelledby="releases">
          <h2 id="releases">Latest releases</h2>
          <ul className="releases">
            {releases.map(({ title, shipped, effect }) => (
              <li key={title}>
                <span className="release-title">{title}</span>
                <span className="quiet">{shipped}</span>
                <span className="release-effect">{effect}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
      <GitHubPrompt session={session} />
    </>
  )
}
