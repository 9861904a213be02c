// @connect-github/widget/element: importing it defines <connect-github>. React and TanStack Query are not needed.
import type { ConnectGitHubElement } from './ConnectGitHubElement.tsx'
import { defineElement } from './define.ts'
import type { ConnectGitHubEventMap } from './events.ts'

export { ConnectGitHubElement } from './ConnectGitHubElement.tsx'
export type { ConnectGitHubEventDetails, ConnectGitHubEventMap } from './events.ts'
export type { ConnectGitHubAttributes } from './jsx.ts'
export type { Language, MessageOverrides } from '../messages.ts'
export type { ConnectGitHubState } from '../useConnectGitHub.ts'

declare global {
  interface HTMLElementTagNameMap {
    'connect-github': ConnectGitHubElement
  }
  // They bubble, so that listeners anywhere on the page know their details.
  interface GlobalEventHandlersEventMap extends ConnectGitHubEventMap {}
}

defineElement()
