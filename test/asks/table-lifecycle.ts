// Rows about React: renders, StrictMode, several instances, unmounting, hot reload; and what the host page is told.
import type { Ask } from './ask.ts'

const FLOW = 'test/widget/flow.test.tsx'
const HOST_PAGE = 'test/widget/host-page.test.tsx'
const PROGRESS = 'test/widget/progress.test.tsx'
const FRESH = 'callbacks > are the latest closures, whatever was rendered at the click'

export const lifecycle: readonly Ask[] = [
  {
    ask: 'StrictMode: the window opens, and no callback ever comes',
    sources: ['@tryfinch/react-connect@5.0.0'],
    test: {
      file: FLOW,
      name: 'a flow, rendered in StrictMode > is followed by long polls to its end and calls each callback once',
    },
    mistake: 'a ref remembers the first mounting, so that the second one listens no more',
    edits: [
      {
        file: 'widget/useConnection.ts',
        from: '(render: () => void) => connector.mount(owner, render, watches),',
        to: '(render: () => void) => (owner.mounted ? () => {} : ((owner.mounted = true), connector.mount(owner, render, watches))),',
      },
    ],
  },
  {
    ask: 'After another render the callback of the first one is called',
    sources: ['@tryfinch/react-connect@5.0.0'],
    test: { file: FLOW, name: FRESH },
    mistake: 'callbacks are kept from the first render',
    edits: [
      { file: 'widget/useConnection.ts', from: 'owner.current = options', to: 'owner.current ??= options' },
    ],
  },
  {
    ask: 'Callbacks see the values of the render that opened',
    sources: ['react-plaid-link@5.0.0'],
    test: { file: FLOW, name: FRESH },
    mistake: 'callbacks are kept from the click',
    edits: [{ file: 'widget/connector.ts', from: '    owner = by\n', to: '    owner = { ...by }\n' }],
  },
  {
    ask: 'Every render sets it up again',
    sources: ['@mergeapi/react-merge-link@2.4.2'],
    test: {
      file: HOST_PAGE,
      name: 'a page that renders again > causes no request, no listener and no flow, whatever it passes anew',
    },
    mistake: 'the set-up depends on a callback, which is new at each render',
    edits: [
      {
        file: 'widget/useConnection.ts',
        from: '[connector, owner, watches],',
        to: '[connector, owner, watches, options.onSuccess],',
      },
    ],
  },
  {
    ask: 'StrictMode creates two, of which one has to go',
    sources: ['@stripe/react-connect-js@3.4.4'],
    test: {
      file: HOST_PAGE,
      name: 'StrictMode, which mounts twice > leaves one listener, which hears, and none when the widget is gone',
    },
    mistake: 'the first of the two is never taken down',
    edits: [{ file: 'widget/hints.ts', from: 'channel.close()', to: '' }],
  },
  {
    ask: 'Success is told twice',
    sources: ['plaid/react-plaid-link#103', 'plaid/react-plaid-link#107'],
    test: { file: HOST_PAGE, name: 'settles once, however often the end is heard of' },
    mistake: 'a flow that was told is not forgotten',
    edits: [
      {
        file: 'widget/connector.ts',
        from: "    remember(baseURL, '')\n    owner = undefined\n    set(nothing)\n",
        to: '',
      },
    ],
  },
  {
    ask: 'Two buttons on one page',
    sources: ['plaid/react-plaid-link#32', 'plaid/react-plaid-link#121'],
    test: { file: PROGRESS, name: 'two instances > share one request and one truth' },
    mistake: 'every instance is told of the flow of one',
    edits: [
      {
        file: 'widget/connector.ts',
        from: 'if (connection) return call(to, ({ onSuccess }) => onSuccess?.(connection, meta))',
        to: 'if (connection) {\n      for (const one of instances.keys()) call(one, ({ onSuccess }) => onSuccess?.(connection, meta))\n      return\n    }',
      },
    ],
  },
  {
    ask: 'A parent’s render loads everything again',
    sources: ['plaid/react-plaid-link#343'],
    test: {
      file: HOST_PAGE,
      name: 'a page that renders again > causes no request, no listener and no flow, whatever it passes anew',
    },
    mistake: 'a new callback is a reason to ask again',
    edits: [
      {
        file: 'widget/useConnection.ts',
        from: "if (trouble?.code === 'session_required') connector.checkAgain()",
        to: 'connector.checkAgain()',
      },
      {
        file: 'widget/useConnection.ts',
        from: "[typeof token === 'string' && token]",
        to: '[options.onSuccess]',
      },
    ],
  },
  {
    ask: 'What opened it is unmounted, and the callback is lost',
    sources: ['plaid/react-plaid-link#249'],
    test: {
      file: PROGRESS,
      name: 'a flow in progress > survives unmounting and fires once on the instance that comes back',
    },
    mistake: 'unmounting ends the flow',
    edits: [
      {
        file: 'widget/connector.ts',
        from: 'if (owner === by) owner = undefined',
        to: "if (owner === by) end(local.flowId, 'cancelled', null)",
      },
    ],
  },
  {
    ask: 'Noise in the console',
    sources: ['plaid/react-plaid-link#94'],
    test: {
      file: FLOW,
      name: 'a flow, rendered once > is followed by long polls to its end and calls each callback once',
    },
    mistake: 'each event is logged',
    edits: [
      {
        file: 'widget/connector.ts',
        from: '    told = once\n',
        to: "    told = once\n    console.log('connect-github', type)\n",
      },
    ],
  },
  {
    ask: 'A crash in the effects of StrictMode',
    sources: ['stripe/react-stripe-js#292', 'stripe/react-connect-js#25'],
    test: {
      file: HOST_PAGE,
      name: 'StrictMode, which mounts twice > leaves one listener, which hears, and none when the widget is gone',
    },
    mistake: 'what was taken down once cannot be used again, and throws',
    edits: [
      {
        file: 'widget/connector.ts',
        from: 'instances.set(by, render)',
        to: "if (Reflect.get(instances, 'isGone')) throw new Error('The connector was destroyed.')\n      instances.set(by, render)",
      },
      {
        file: 'widget/connector.ts',
        from: 'instances.delete(by)',
        to: "instances.delete(by)\n        Reflect.set(instances, 'isGone', true)",
      },
    ],
  },
  {
    ask: 'Hot reload breaks what is open',
    sources: ['stripe/connect-js#94'],
    test: {
      file: HOST_PAGE,
      name: 'goes on when its code is loaded anew in mid-flow, as hot reload does, and tells the host once',
    },
    mistake: 'which flow was started here is known to the module only',
    edits: [{ file: 'widget/connector.ts', from: 'flowId: remember(baseURL)', to: "flowId: ''" }],
  },
  {
    ask: 'An endless spinner instead of an error',
    sources: ['NangoHQ/nango#6777'],
    test: {
      file: 'test/widget/states.test.tsx',
      name: 'what the customer sees > is failed when nothing can be loaded, and goes on by itself',
    },
    mistake: 'what cannot be loaded is shown as loading',
    edits: [
      {
        file: 'widget/state.ts',
        from: "if (!statusError) return { status: 'loading' }",
        to: "return { status: 'loading' }",
      },
    ],
  },
  {
    ask: 'The page around it does not learn of failures',
    sources: ['NangoHQ/nango#4953'],
    test: {
      file: FLOW,
      name: 'the click > closes the window and offers a retry when the flow cannot be started',
    },
    mistake: 'a failure is shown, and not told',
    edits: [{ file: 'widget/connector.ts', from: 'if (error) report(to, error)', to: '' }],
  },
  {
    ask: 'Hot reload in a real dev server',
    sources: ['stripe/connect-js#94'],
    test: {
      file: 'test/hosts/hot-reload.spec.ts',
      name: 'keeps an open flow when the host is edited, and tells it once, by the new code',
    },
    mistake: 'the code of the host is kept as it was when the flow began',
    edits: [
      {
        file: 'widget/connector.ts',
        from: '    owner = by\n',
        to: '    owner = { ...by }\n',
      },
    ],
  },
]
