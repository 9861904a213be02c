// Shows the page that the address asks for. Links load a new page: three pages need no router.
import type { ReactNode } from 'react'
import { IntegrationsPage } from './pages/IntegrationsPage.tsx'
import { LoginPage } from './pages/LoginPage.tsx'
import { OverviewPage } from './pages/OverviewPage.tsx'
import { Shell } from './Shell.tsx'
import { type Session, useSession } from './useSession.ts'

export function App() {
  return location.pathname === '/login' ? <LoginPage /> : <SignedInPage />
}

function SignedInPage() {
  const session = useSession()
  if (session === 'unreachable') {
    return (
      <p className="notice">Brightline cannot be reached. Is the demo still running? Reload to try again.</p>
    )
  }
  if (session === 'loading') return null
  return <Shell session={session}>{choosePage(session)}</Shell>
}

function choosePage(session: Session): ReactNode {
  return location.pathname === '/integrations' ? (
    <IntegrationsPage session={session} />
  ) : (
    <OverviewPage session={session} />
  )
}
