// What <connect-github> takes in JSX and templates; README.md shows how a framework learns of it.
import type { ConnectGitHubElement } from './ConnectGitHubElement.tsx'
import type { ConnectGitHubEventMap } from './events.ts'

type Properties = Pick<
  ConnectGitHubElement,
  | 'baseURL'
  | 'returnTo'
  | 'label'
  | 'mode'
  | 'theme'
  | 'layout'
  | 'disabled'
  | 'unstyled'
  | 'token'
  | 'messages'
  | 'appearance'
  | 'locale'
>

type Listeners = {
  readonly [Name in keyof ConnectGitHubEventMap as `on${Name}`]?:
    ((event: ConnectGitHubEventMap[Name]) => void) | undefined
}

/** The properties, the two attributes of another name, and a listener for each event. */
export interface ConnectGitHubAttributes extends Partial<Properties>, Listeners {
  readonly 'base-url'?: string | undefined
  readonly 'return-to'?: string | undefined
}
