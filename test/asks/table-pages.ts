// Rows about the host’s page and build: server rendering, versions of React, policies, looks, languages, access.
import type { Ask } from './ask.ts'

const BUNDLE = 'test/repo/widget-bundle.test.ts'
const LANGUAGES = 'test/widget/languages.test.tsx'
const PACKAGE = 'test/widget/package.test.ts'
const PROPS = 'test/widget/props.test.tsx'
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
        file: 'bff/routes/return.ts',
        from: "ctx.set('Location', location)",
        to: "ctx.set('Location', `${location}?${ctx.querystring}`)",
      },
    ],
  },
  {
    ask: 'Colours of the brand, seen at once when they change',
    sources: ['NangoHQ/nango#4591', 'NangoHQ/nango#4816', 'NangoHQ/nango#5042'],
    test: { file: PROPS, name: 'props > appearance sets the theme and the variables, and takes them back' },
    mistake: 'colours are read when it is mounted, and never again',
    edits: [{ file: 'widget/ConnectGitHub.tsx', from: '}, [variables])', to: '}, [])' }],
  },
  {
    ask: 'What was in the page is suddenly somewhere else',
    sources: ['stripe/react-connect-js#88'],
    test: {
      file: 'test/widget/modes.test.tsx',
      name: 'leaves the page never, where a window was and is blocked',
    },
    mistake: 'without a window, the page itself is left unasked',
    edits: [
      {
        file: 'widget/connector.ts',
        from: 'else if (!isWindow) location.assign(url)',
        to: 'else if (!popup) location.assign(url)',
      },
    ],
  },
  {
    ask: 'Any text can be said differently',
    sources: ['supabase/ui#261', 'supabase/auth-helpers#89'],
    test: { file: PROPS, name: 'props > messages replace single texts at any depth and leave the others' },
    mistake: 'a text takes its whole group with it',
    edits: [
      {
        file: 'widget/messages.ts',
        from: "typeof value === 'string' ? value : Object.assign({}, merged[name], value)",
        to: 'value as Text',
      },
    ],
  },
  {
    ask: 'Errors of the server cannot be translated',
    sources: ['supabase/supabase#13554'],
    test: {
      file: LANGUAGES,
      name: 'a language > is that of the errors which both hooks and the callbacks hand out',
    },
    mistake: 'what the server says is shown as it is',
    edits: [{ file: 'widget/error.ts', from: '`${endSentence(title)} ${next}`', to: 'message' }],
  },
  {
    ask: 'Languages make everybody’s package larger',
    sources: ['supabase-community/auth-ui#88'],
    test: {
      file: BUNDLE,
      name: 'has each language as a file of its own, which loads nothing and is in nothing else',
      runs: 'copy',
    },
    mistake: 'languages are picked by name, so that all are there',
    edits: [
      {
        file: 'widget/messages.ts',
        from: "import { errorTexts, support, text } from './error-texts.ts'",
        to: "import { de } from './languages/de.ts'\nimport { errorTexts, support, text } from './error-texts.ts'",
      },
      {
        file: 'widget/messages.ts',
        from: 'locale.messages : english',
        to: "locale.messages : locale === 'de' ? de.messages : english",
      },
    ],
  },
  {
    ask: 'Hebrew is drawn from left to right',
    sources: ['stripe/react-stripe-js#379'],
    test: { file: LANGUAGES, name: 'a language > given as a tag alone leaves the direction to the page' },
    mistake: 'where nothing is said, the direction is left to right',
    edits: [{ file: 'widget/ConnectGitHub.tsx', from: 'dir={dir}', to: "dir={dir ?? 'ltr'}" }],
  },
  {
    ask: 'It cannot be seen on a page written from right to left',
    sources: ['The-Context-Company/observatory#8'],
    test: { file: PACKAGE, name: 'knows no left and no right in widget/styles.css', runs: 'copy' },
    mistake: 'something is placed from the left',
    edits: [{ file: 'widget/styles.css', from: 'inset-inline-end: -0.2em', to: 'right: -0.2em' }],
  },
  {
    ask: 'Access for everybody: checked with axe in a real browser, in both themes',
    sources: ['NangoHQ/nango#6584', 'NangoHQ/nango#6589'],
    test: { file: 'test/gallery/axe.spec.ts', name: 'finds nothing with theme=light' },
    mistake: 'texts beside the title are too pale',
    edits: [
      {
        file: 'widget/styles.css',
        from: 'color-mix(in srgb, currentColor 75%, transparent)',
        to: 'color-mix(in srgb, currentColor 40%, transparent)',
      },
    ],
  },
  {
    ask: 'Text on the brand’s colour that can be read',
    sources: ['NangoHQ/nango#6724'],
    test: {
      file: 'test/gallery/sight-and-touch.spec.ts',
      name: 'keeps the text of the button readable in the colour of any brand, light',
    },
    mistake: 'the text on the button is white, whatever is behind it',
    edits: [
      {
        file: 'widget/styles.css',
        from: 'color: var(--cgh-accent-text, color(from var(--cgh_text)))',
        to: 'color: var(--cgh-accent-text, #fff)',
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
