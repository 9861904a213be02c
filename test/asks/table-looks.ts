// Rows about looks, words and access: colours, languages, directions, contrast.
import type { Ask } from './ask.ts'

const BUNDLE = 'test/repo/widget-bundle.test.ts'
const LANGUAGES = 'test/widget/languages.test.tsx'
const PACKAGE = 'test/widget/package.test.ts'
const PROPS = 'test/widget/props.test.tsx'

export const looks: readonly Ask[] = [
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
]
