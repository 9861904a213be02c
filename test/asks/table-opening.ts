// Rows about opening a window, or doing without one, and what the customer finds in it.
import type { Ask } from './ask.ts'

const FLOW = 'test/widget/flow.test.tsx'

export const opening: readonly Ask[] = [
  {
    ask: 'Two windows at once',
    sources: ['NangoHQ/nango#1073', 'NangoHQ/nango#6611'],
    test: {
      file: 'test/widget/host-page.test.tsx',
      name: 'opens one window for one flow, however often it is told to connect at once',
    },
    mistake: 'no lock between the click and the answer',
    edits: [
      {
        file: 'widget/connector.ts',
        from: 'if (disabled || local.opening) return',
        to: 'if (disabled) return',
      },
    ],
  },
  {
    ask: 'The button stays disabled after the window was closed',
    sources: ['NangoHQ/nango#1073'],
    test: {
      file: 'test/widget/progress.test.tsx',
      name: 'a flow in progress > is replaced by starting over, which ends the first one once',
    },
    mistake: 'a flow under way keeps another one from starting',
    edits: [
      {
        file: 'widget/connector.ts',
        from: 'if (disabled || local.opening) return',
        to: 'if (disabled || local.opening || local.flowId) return',
      },
    ],
  },
  {
    ask: 'A blocked window fails silently',
    sources: ['plaid/deprecated-link#229'],
    test: { file: FLOW, name: 'the click > goes on with a link in the page when the window is blocked' },
    mistake: 'nobody looks whether the window was opened',
    edits: [
      {
        file: 'widget/connector.ts',
        from: "const mode = popup ? 'popup'",
        to: "const mode = isWindow ? 'popup'",
      },
      {
        file: 'widget/connector.ts',
        from: 'const blocked = isWindow && !popup',
        to: 'const blocked = false',
      },
    ],
  },
  {
    ask: 'A request before the window is opened loses the click',
    sources: ['plaid/deprecated-link#116'],
    test: {
      file: FLOW,
      name: 'the click > opens our launch page and locks the button before anything is awaited',
    },
    mistake: 'the window is opened after an await',
    edits: [
      {
        file: 'widget/connector.ts',
        from: 'popup = isWindow && !withoutWindow ? openPopup(url, flowId) : null',
        to: 'popup = null',
      },
      {
        file: 'widget/connector.ts',
        from: "const mode = popup ? 'popup'",
        to: "const mode = isWindow ? 'popup'",
      },
      {
        file: 'widget/connector.ts',
        from: 'const blocked = isWindow && !popup',
        to: 'const blocked = false',
      },
      {
        file: 'widget/connector.ts',
        from: '      remember(baseURL, flowId)\n',
        to: '      popup = openPopup(url, flowId)\n      remember(baseURL, flowId)\n',
      },
    ],
  },
  {
    ask: 'The window stays white',
    sources: ['plaid/deprecated-link#194'],
    test: {
      file: 'test/asks/tabs-and-windows.test.ts',
      name: 'a window that a customer sees > says where it is going before any script has run',
    },
    mistake: 'the page of the window is empty until its script has run',
    edits: [{ file: 'bff/pages/launch-page.ts', from: '...texts.opening,', to: "title: '', text: ''," }],
  },
  {
    ask: 'The window stays, and nothing says that it may be closed',
    sources: ['plaid/deprecated-link#194'],
    test: {
      file: 'test/asks/tabs-and-windows.test.ts',
      name: 'a window that a customer sees > says after GitHub that it may be closed, and leads back',
    },
    mistake: 'the last page relies on closing itself',
    edits: [{ file: 'bff/pages/done-page.ts', from: 'hint: texts.closeWindow,', to: '' }],
  },
  {
    ask: 'No way without a second tab, as in a WebView',
    sources: ['plaid/deprecated-link#124'],
    test: { file: FLOW, name: 'the click > opens no window in redirect mode' },
    mistake: 'the way is picked by the widget alone',
    edits: [{ file: 'widget/connector.ts', from: "(wish === 'auto' ? pickMode() : wish)", to: 'pickMode()' }],
  },
  {
    ask: 'In a frame only a window works, and the host does not know that it is in one',
    sources: ['clerk/javascript#5239', 'clerk/javascript#6455', 'open-webui/open-webui#15239'],
    test: {
      file: 'test/widget/modes.test.tsx',
      name: 'is right for a frame on a phone, which may not leave the page around it',
    },
    mistake: 'the way depends on the size of the screen alone',
    edits: [{ file: 'widget/popup.ts', from: "isPhone ? 'redirect'", to: "isPhone || isPhone ? 'redirect'" }],
  },
]
