// What is measured: ours, and the components that partners would otherwise choose between.

export interface Entry {
  readonly title: string
  readonly code: string
  /** Packages left out beside React: the host has them. */
  readonly external?: readonly string[]
  /** What the browser loads besides, at run time, of which no figure is known. Default nothing. */
  readonly loads?: 'remote script' | 'remote frame' | 'remote script and frame'
}

const TANSTACK = ['@tanstack/react-query']
const all = (name: string) => `import * as all from '${name}'; globalThis.all = all`
const some = (names: string, from: string) =>
  `import { ${names} } from '${from}'; globalThis.used = [${names}]`

const WIDGET = `${all('@connect-github/widget')}\nimport '@connect-github/widget/styles.css'`

/** Each has a limit; see limits.ts. */
export const OURS = {
  alone: { title: '**ours, with its styles**', code: WIDGET, external: TANSTACK },
  withTanStack: { title: '**ours, with its styles and TanStack Query**', code: WIDGET },
  repositories: {
    title: 'ours, with its styles and `useRepositories`',
    code: `${WIDGET}\n${some('useRepositories', '@connect-github/widget/repositories')}`,
    external: TANSTACK,
  },
} as const satisfies Record<string, Entry>

/** What a partner may add or take instead; measured, with no limit here. */
export const FURTHER: readonly Entry[] = [
  {
    title: 'ours, with its styles and German',
    code: `${WIDGET}\n${all('@connect-github/widget/languages/de').replaceAll('all', 'de')}`,
    external: TANSTACK,
  },
  {
    title: '`<connect-github>`, with its styles and everything it needs, React’s part included',
    code: `${all('@connect-github/widget/element')}\nimport '@connect-github/widget/element/styles.css'`,
  },
]

/** Titles name the version that peers/package.json pins. */
export const PEERS: readonly Entry[] = [
  { title: '@apideck/vault-react', code: all('@apideck/vault-react'), loads: 'remote frame' },
  { title: '@tryfinch/react-connect', code: all('@tryfinch/react-connect'), loads: 'remote frame' },
  {
    title: '@mergeapi/react-merge-link',
    code: all('@mergeapi/react-merge-link'),
    loads: 'remote script and frame',
  },
  { title: 'react-plaid-link', code: all('react-plaid-link'), loads: 'remote script and frame' },
  { title: '@nangohq/frontend', code: all('@nangohq/frontend'), loads: 'remote frame' },
  {
    title: '@stripe/react-connect-js, with @stripe/connect-js',
    loads: 'remote script and frame',
    code: `import * as js from '@stripe/connect-js'\n${all('@stripe/react-connect-js')}; globalThis.js = js`,
  },
  {
    title: '@workos-inc/widgets `Pipes`, Radix Themes and TanStack Query left out',
    code: some('Pipes, WorkOsWidgets', '@workos-inc/widgets'),
    external: ['@radix-ui/themes', ...TANSTACK],
  },
  {
    title: '@workos-inc/widgets `Pipes`, Radix Themes left out',
    code: some('Pipes, WorkOsWidgets', '@workos-inc/widgets'),
    external: ['@radix-ui/themes'],
  },
  { title: '@useparagon/connect', code: all('@useparagon/connect'), loads: 'remote frame' },
  {
    title: '@pipedream/connect-react, provider and `useAccounts`',
    loads: 'remote frame',
    code: some('FrontendClientProvider, useAccounts', '@pipedream/connect-react'),
  },
  { title: '@workos-inc/widgets `Pipes`', code: some('Pipes, WorkOsWidgets', '@workos-inc/widgets') },
  { title: 'the styles it needs, of Radix Themes', code: "import '@radix-ui/themes/styles.css'" },
  {
    title: '@pipedream/connect-react, its README’s example',
    loads: 'remote frame',
    code: [
      "import { createFrontendClient } from '@pipedream/sdk/browser'",
      "import { ComponentFormContainer, FrontendClientProvider } from '@pipedream/connect-react'",
      'globalThis.used = [createFrontendClient, ComponentFormContainer, FrontendClientProvider]',
    ].join('\n'),
  },
]
