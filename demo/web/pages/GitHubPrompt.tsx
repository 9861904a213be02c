// What the overview says about GitHub: the widget's hook with Brightline's own looks.
import { useConnectGitHub } from '../../../widget/index.ts'
import { findAccount } from './connected-account.ts'
import type { Session } from '../useSession.ts'

export function GitHubPrompt({ session: { connectGitHub } }: { session: Session }) {
  const github = useConnectGitHub(connectGitHub)
  if (github.status === 'loading')
    return <aside className="card prompt prompt-loading" aria-label="Integrations" />
  const account = findAccount(github)
  return (
    <aside className="card prompt" aria-label="Integrations">
      {account === null ? (
        <p>
          <strong>These releases were typed in by hand.</strong> Connect GitHub, and Brightline learns of each
          one by itself.
        </p>
      ) : (
        <p>
          <strong>GitHub is connected.</strong> Brightline learns of releases from {account}.
        </p>
      )}
      <a className={account === null ? 'button button-primary' : 'button'} href="/integrations">
        Go to integrations
      </a>
    </aside>
  )
}
