// Rows about the host’s page and build: server rendering, versions of React, policies, what leaves the page.
import type { Ask } from './ask.ts'

const BUNDLE = 'test/repo/widget-bundle.test.ts'
const PACKAGE = 'test/widget/package.test.ts'
const HOST_PAGE = 'test/widget/host-page.test.tsx'
const SERVER_RENDER = {
  file: 'test/widget/server-render.test.tsx',
  name: 'renders the skeleton on a server without a window, a request or a warning',
}
const ONLY_THE_BFF = {
  file: HOST_PAGE,
  name: 'speaks to the BFF only, and loads nothing into the page',
}

export const pages: readonly Ask[] = [
  {
    ask: 'Server components cannot import it',
    sources: ['stripe/connect-js#128'],
    test: {
      file: BUNDLE,
      name: 'says in index.js that it is for the client, so that React Server Components can import it',
      runs: 'copy',
    },
    mistake: 'no word that it is for the client',
    edits: [{ file: 'widget/index.ts', from: "'use client'\n", to: '' }],
  },
  {
    ask: 'It cannot be rendered on a server',
    sources: ['stripe/connect-js#128'],
    test: SERVER_RENDER,
    mistake: 'the window is touched while rendering',
    error: 'window is not defined',
    edits: [
      {
        file: 'widget/useConnection.ts',
        from: 'const owner: Owner = useRef(options)',
        to: 'window.name ??= baseURL\n  const owner: Owner = useRef(options)',
      },
    ],
  },
  {
    ask: 'A new React is shut out for months',
    sources: ['plaid/react-plaid-link#363', 'plaid/react-plaid-link#364', 'plaid/react-plaid-link#369'],
    test: { file: PACKAGE, name: 'lets a host have React 20.0.0', runs: 'copy' },
    mistake: 'the peer range ends with the present React',
    edits: [{ file: 'widget/package.json', from: '"react": ">=18.3.0"', to: '"react": ">=18.3.0 <20"' }],
  },
  {
    ask: 'Examples that no longer work',
    sources: ['plaid/tiny-quickstart#21'],
    test: {
      file: 'test/repo/readme-examples.test.ts',
      name: 'compiles every TypeScript example of every README',
      runs: 'copy',
    },
    mistake: 'a prop is renamed, and the README is not',
    edits: [{ file: 'widget/options.ts', from: '  onSuccess?:', to: '  onConnected?:' }],
  },
  {
    ask: 'Inline styles need `unsafe-inline`',
    sources: ['plaid/react-plaid-link#118', 'plaid/react-plaid-link#168'],
    test: SERVER_RENDER,
    mistake: 'variables are written as a style attribute',
    edits: [
      {
        file: 'widget/ConnectGitHub.tsx',
        from: '      ref={root}\n',
        to: '      ref={root}\n      style={variables}\n',
      },
    ],
  },
  {
    ask: 'A strict policy of the host is broken',
    sources: ['plaid/react-plaid-link#385', 'plaid/react-plaid-link#386'],
    test: ONLY_THE_BFF,
    mistake: 'the widget brings its styles in an element of its own',
    edits: [
      {
        file: 'widget/ConnectGitHub.tsx',
        from: '<output data-cgh-part="status">',
        to: '<style>{"[data-cgh-part]{color:red}"}</style>\n      <output data-cgh-part="status">',
      },
    ],
  },
  {
    ask: 'Telemetry that cannot be turned off',
    sources: ['stripe/connect-js#205'],
    test: ONLY_THE_BFF,
    mistake: 'each event is sent to the maker',
    edits: [
      {
        file: 'widget/connector.ts',
        from: '    told = once\n',
        to: "    told = once\n    navigator.sendBeacon('https://telemetry.example/', type)\n",
      },
    ],
  },
  {
    ask: 'A probe for `eval` breaks the policy',
    sources: ['NangoHQ/nango#6696'],
    test: { file: BUNDLE, name: 'knows nothing of the server', runs: 'copy' },
    mistake: 'the widget tries whether code may be made from text',
    edits: [
      {
        file: 'widget/parse.ts',
        from: 'export const TEXT = /^"/\n',
        to: 'export const TEXT = /^"/\nexport const canCompile = (() => {\n  try {\n    return !!new Function("")\n  } catch {\n    return false\n  }\n})()\nif (canCompile) Object.freeze(TEXT)\n',
      },
    ],
  },
  {
    ask: 'Tokens end up in analytics, by the address',
    sources: ['NangoHQ/nango#7078'],
    test: { file: 'test/widget/token.test.tsx', name: 'a connect token > is nowhere but in the header' },
    mistake: 'the token is part of the URL',
    edits: [
      {
        file: 'widget/api.ts',
        from: 'fetch(baseURL + path, {',
        to: "fetch(baseURL + path + (token ? `${path.includes('?') ? '&' : '?'}token=${token}` : ''), {",
      },
    ],
  },
  {
    ask: 'What the provider sent stays in the address bar',
    sources: ['NangoHQ/nango#7078'],
    test: {
      file: 'test/flow/github-cases-flows.test.ts',
      name: 'ignores a code, logs none of it, and leaves the query behind at once',
    },
    mistake: 'the query is passed on to the page that follows',
    edits: [
      {
        file: 'bff/routes/see-other.ts',
        from: "ctx.set('Location', location)",
        to: "ctx.set('Location', `${location}?${ctx.querystring}`)",
      },
    ],
  },
  {
    ask: 'The exact policy that a host needs, in a real browser',
    sources: ['plaid/react-plaid-link#385'],
    test: {
      file: 'test/hosts/policy.spec.ts',
      name: 'with Cross-Origin-Opener-Policy: same-origin > connects and disconnects without a violation or a word in the console',
    },
    mistake: 'variables are set as a style attribute, once the page is there',
    edits: [
      {
        file: 'widget/ConnectGitHub.tsx',
        from: "root.current.style.cssText = rules.join(';')",
        to: "if (variables) root.current.setAttribute('style', rules.join(';'))",
      },
    ],
  },
  {
    ask: 'An older React, which most hosts have',
    sources: ['plaid/react-plaid-link#363'],
    test: { file: 'test/hosts/package.spec.ts', name: 'plain Node imports every entry beside React 18' },
    mistake: 'a hook is used that only the newest React has',
    error: "export named 'use'",
    edits: [
      {
        file: 'widget/useConnection.ts',
        from: 'import { useCallback,',
        to: 'import { use, useCallback,',
      },
      {
        file: 'widget/useConnection.ts',
        from: 'const owner: Owner = useRef(options)',
        to: 'if (options instanceof Promise) use(options)\n  const owner: Owner = useRef(options)',
      },
    ],
  },
]
