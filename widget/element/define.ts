// Makes <connect-github> known to the page.
import { ConnectGitHubElement } from './ConnectGitHubElement.tsx'

const NAME = 'connect-github'

/** Does nothing on a server, nor where the script and the module, or one of them twice, are loaded: the first one counts. */
export function defineElement(): void {
  const registry = globalThis.customElements
  if (registry && !registry.get(NAME)) registry.define(NAME, ConnectGitHubElement)
}
