// Whose GitHub is connected, as far as this page knows.
import type { ConnectGitHubState } from '../../../widget/index.ts'

/** The name of the connected account; null when there is none that works. */
export function findAccount(github: ConnectGitHubState): string | null {
  if (github.status === 'connected') return github.account?.login ?? null
  if (github.status !== 'view_only' || github.connection?.status !== 'connected') return null
  return github.connection.account?.login ?? null
}
