// What surrounds each page of a signed-in person: navigation, who they are, and the way out.
import type { ReactNode } from 'react'
import { Brand } from './Brand.tsx'
import type { Session } from './useSession.ts'

const PAGES = [
  { path: '/', title: 'Overview' },
  { path: '/integrations', title: 'Integrations' },
]

export function Shell({ session, children }: { session: Session; children: ReactNode }) {
  return (
    <>
      <header className="topbar">
        <div className="topbar-inner">
          <a className="brand-link" href="/">
            <Brand />
          </a>
          <nav className="topnav" aria-label="Brightline">
            {PAGES.map(({ path, title }) => (
              <a key={path} href={path} aria-current={location.pathname === path ? 'page' : undefined}>
                {title}
              </a>
            ))}
          </nav>
          <UserMenu session={session} />
        </div>
      </header>
      <main className="page">{children}</main>
      <footer className="footer">
        <p>Brightline is made up. Layers and GitHub are played by a sandbox on this machine:</p>
        <ul>
          <li>
            <a href={session.sandbox.controlUrl}>Sandbox control page</a>
          </li>
          <li>
            <a href={session.sandbox.githubPageUrl}>Sandbox GitHub</a>
          </li>
        </ul>
      </footer>
    </>
  )
}

function UserMenu({ session: { person, company } }: { session: Session }) {
  const initials = person.name
    .split(' ')
    .map((word) => word.charAt(0))
    .join('')
  return (
    <div className="user">
      <button type="button" className="user-button" popoverTarget="user-menu">
        <span className="avatar" aria-hidden="true">
          {initials}
        </span>
        <span className="user-label">
          <span className="user-name">{person.name}</span>
          <span className="user-company">
            {company.name} · {person.role}
          </span>
        </span>
        <svg className="chevron" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path d="m4 6 4 4 4-4" />
        </svg>
      </button>
      <div id="user-menu" className="user-menu" popover="auto">
        <p className="user-name">{person.name}</p>
        <p className="quiet">{person.email}</p>
        <p className="quiet">
          {company.name}, {person.role}
        </p>
        <form method="post" action="/logout">
          <button type="submit" className="button">
            Sign out
          </button>
        </form>
      </div>
    </div>
  )
}
