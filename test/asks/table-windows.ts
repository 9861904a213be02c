// Rows about windows that are open: what a page may conclude from them, and from what they say.
import type { Breakage } from '../stack/copied-sources.ts'
import type { Ask } from './ask.ts'

const HINTS = 'test/widget/hints.test.tsx'
const CLOSED = 'test/widget/closed-windows.test.tsx'
const FLOW = 'test/widget/flow.test.tsx'

/** A timer that looks every half second whether the window is closed, and does this once it is. */
const watchClosing = (then: string): Breakage => ({
  file: 'widget/connector.ts',
  from: "    tell('click')\n",
  to: `    tell('click')
    const closing = setInterval(() => {
      if (!popup?.closed) return
      clearInterval(closing)
      ${then}
    }, 500)
`,
})

export const windows: readonly Ask[] = [
  {
    ask: 'A message of any origin is believed',
    sources: ['@apideck/vault-js@1.8.1'],
    test: { file: HINTS, name: 'a window message > of another origin leads to none' },
    mistake: 'no check of the origin',
    edits: [{ file: 'widget/hints.ts', from: 'if (event.origin === origin) onHint', to: 'onHint' }],
  },
  {
    ask: 'A message of a look-alike origin is believed',
    sources: ['@tryfinch/react-connect@5.0.0'],
    test: { file: HINTS, name: 'a window message > of a look-alike origin leads to none' },
    mistake: 'the origin is compared by its beginning',
    edits: [
      { file: 'widget/hints.ts', from: 'event.origin === origin', to: 'event.origin.startsWith(origin)' },
    ],
  },
  {
    ask: 'A forged message is told to the host as a success',
    sources: ['@pipedream/sdk@3.1.6'],
    test: { file: HINTS, name: 'a window message > that claims success connects nothing' },
    mistake: 'what a message says is taken for the result',
    edits: [
      {
        file: 'widget/hints.ts',
        from: 'onHint(parseHint(event.data))',
        to: 'onHint(event.data.flowId, event.data)',
      },
      {
        file: 'widget/connector.ts',
        from: 'const onHint = (flowId: unknown) => {',
        to: "const onHint = (flowId: any, data?: any) => {\n          if (data?.status === 'connected') end(flowId, 'connected', null, data)",
      },
    ],
  },
  {
    ask: 'Tell when the customer closed the window, which nobody can know',
    sources: ['NangoHQ/nango#571'],
    test: { file: CLOSED, name: 'ends no flow, neither by itself nor when the page comes to the front' },
    mistake: 'a window that reads as closed ends the flow as cancelled',
    edits: [watchClosing("end(flowId, 'cancelled', null)")],
  },
  {
    ask: 'The provider cuts the opener, and the result never arrives',
    sources: ['NangoHQ/nango#4028'],
    test: {
      file: FLOW,
      name: 'a flow, rendered once > is followed by long polls to its end and calls each callback once',
    },
    mistake: 'only a message of the window leads to a question',
    edits: [
      {
        file: 'widget/follow.ts',
        from: '        publish(flow)\n        continue\n',
        to: '        publish(flow)\n        delayMs = 0\n        return known\n',
      },
    ],
  },
  {
    ask: 'Looking for a closed window on return to the page had to be reverted',
    sources: ['NangoHQ/nango#3732', 'NangoHQ/nango#1310'],
    test: { file: CLOSED, name: 'ends no flow, neither by itself nor when the page comes to the front' },
    mistake: 'when the page comes to the front, a window that reads as closed ends the flow',
    edits: [
      {
        file: 'widget/connector.ts',
        from: 'location.href).origin, onHint, nudge)',
        to: "location.href).origin, onHint, (isLost) => (popup?.closed ? end(local.flowId, 'cancelled', null) : nudge(isLost)))",
      },
    ],
  },
  {
    ask: 'Shown as cancelled while the account got connected',
    sources: ['vellum-ai/vellum-assistant#42296'],
    test: { file: CLOSED, name: 'connects all the same, which the host is told once' },
    mistake: 'a window that reads as closed cancels the flow at the server',
    edits: [watchClosing("void send(parseFlow, `/flows/${flowId}/cancel`, undefined, 'POST').then(publish)")],
  },
  {
    ask: 'Listeners are torn down before the customer has finished',
    sources: ['Significant-Gravitas/AutoGPT#14141'],
    test: { file: CLOSED, name: 'is followed for as long as a flow lives' },
    mistake: 'the flow is given up after five minutes',
    edits: [
      {
        file: 'widget/connector.ts',
        from: "    tell('click')\n",
        to: "    tell('click')\n    setTimeout(() => end(flowId, 'expired', null), 300_000)\n",
      },
    ],
  },
  {
    ask: 'The browser writes of its opener policy into the console',
    sources: ['auth0/auth0-spa-js#1418'],
    test: {
      file: CLOSED,
      name: 'is never asked whether it is closed, which would be reported in the console',
    },
    mistake: 'somebody looks whether the window is closed, if only to know',
    edits: [watchClosing('')],
  },
  {
    ask: 'A window without an opener cannot be heard',
    sources: ['osmlab/osm-auth#138'],
    test: {
      file: HINTS,
      name: 'is heard on the channel alone, which a window reaches whose opener was cut off',
    },
    mistake: 'only messages to the opener are listened to',
    edits: [{ file: 'widget/hints.ts', from: "channel.addEventListener('message', receive)", to: '' }],
  },
  {
    ask: '“Popup was closed” hides the real cause',
    sources: ['backstage/backstage#18386'],
    test: {
      file: 'test/widget/authorizing.test.tsx',
      name: 'a flow that has to prove who owns the account > ends with its reason when the account is somebody else’s',
    },
    mistake: 'the cause is guessed in the page, not taken from the server',
    edits: [
      {
        file: 'widget/follow.ts',
        from: 'stageOf(flow) > 2 ? flowError(flow) : null',
        to: "stageOf(flow) > 2 ? toError(new Error('The window was closed.')) : null",
      },
    ],
  },
  {
    ask: 'Say which origin was expected',
    sources: ['backstage/backstage#3430'],
    test: {
      file: 'test/bff/trust-request.test.ts',
      name: 'a change > of a page that is not listed is refused, and the log says why',
    },
    mistake: 'the refusal of another origin does not name the setting that lists them',
    edits: [
      {
        file: 'bff/middleware/trust-request.ts',
        from: "throw notTrusted('the page’s origin is not listed in ALLOWED_ORIGINS')",
        to: "throw notTrusted('')",
      },
    ],
  },
  {
    ask: 'The window’s closing overtakes its message',
    sources: ['backstage/backstage#3822'],
    test: { file: CLOSED, name: 'is one success when its message and its closing arrive together' },
    mistake: 'a message of a window that is closed already counts as cancelled',
    edits: [
      {
        file: 'widget/connector.ts',
        from: 'flow.flowId === flowId) nudge()',
        to: "flow.flowId === flowId) popup?.closed ? end(flowId, 'cancelled', null) : nudge()",
      },
    ],
  },
  {
    ask: 'The opener is cut in a real browser, and the result never arrives',
    sources: ['NangoHQ/nango#4028'],
    test: {
      file: 'test/browser/connect.spec.ts',
      name: 'connects in a popup, although GitHub cuts the opener',
    },
    mistake: 'only a message to the opener leads to a question',
    edits: [
      {
        file: 'widget/follow.ts',
        from: '        publish(flow)\n        continue\n',
        to: '        publish(flow)\n        delayMs = 0\n        return known\n',
      },
      { file: 'widget/hints.ts', from: "channel.addEventListener('message', receive)", to: '' },
    ],
  },
]
