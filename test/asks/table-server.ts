// Rows about hosting the server: prefixes, parallel tabs, old links, several processes.
import type { Ask } from './ask.ts'

const TABS = 'test/asks/tabs-and-windows.test.ts'

export const server: readonly Ask[] = [
  {
    ask: 'Another prefix than the usual one',
    sources: ['NangoHQ/nango#6765', 'NangoHQ/nango#6802'],
    test: {
      file: 'test/flow/mounting.test.ts',
      name: 'connects in node:http at the root of a host name of…',
    },
    mistake: 'the prefix is written into the code',
    edits: [
      {
        file: 'bff/routes/return.ts',
        from: '`${runtime.config.publicUrl}/flows/${flow.flowId}/done`',
        to: '`${runtime.config.publicOrigin}/connect/github/flows/${flow.flowId}/done`',
      },
    ],
  },
  {
    ask: 'A proxy that takes the prefix off',
    sources: ['NangoHQ/nango#7401', 'NangoHQ/nango#6695', 'NangoHQ/nango#6891'],
    test: {
      file: 'test/flow/mounting.test.ts',
      name: 'connects in node:http behind a proxy that takes the…',
    },
    mistake: 'a path without the prefix is nobody’s',
    edits: [
      {
        file: 'bff/mount.ts',
        from: 'if (path === undefined || below === undefined) return path',
        to: 'if (path === undefined || below === undefined) return undefined',
      },
    ],
  },
  {
    ask: 'The widget finds only the usual prefix',
    sources: ['NangoHQ/nango#6765'],
    test: {
      file: 'test/widget/props.test.tsx',
      name: 'props > baseURL moves every request, with or without a slash at the end',
    },
    mistake: 'requests go to the root of the server, wherever it is mounted',
    edits: [
      {
        file: 'widget/api.ts',
        from: 'fetch(baseURL + path, {',
        to: "fetch(new URL('/connect/github', new URL(baseURL, location.href)) + path, {",
      },
    ],
  },
  {
    ask: 'Parallel tabs overwrite each other’s cookie',
    sources: [
      'oauth2-proxy/oauth2-proxy#611',
      'oauth2-proxy/oauth2-proxy#817',
      'oauth2-proxy/oauth2-proxy#1708',
    ],
    test: {
      file: TABS,
      name: 'two tabs of one browser > each come back to what became of their own flow, the older one as well',
    },
    mistake: 'one cookie for all flows',
    edits: [
      { file: 'bff/flows/flow-cookie.ts', from: 'return PREFIX + flowId', to: "return PREFIX + 'flow'" },
    ],
  },
  {
    ask: 'The first that succeeds clears the cookies of the others',
    sources: ['oauth2-proxy/oauth2-proxy#3258'],
    test: {
      file: TABS,
      name: 'two tabs of one browser > leave each other’s cookie alone when one of them has come to its end',
    },
    mistake: 'a return clears every cookie of a flow',
    edits: [
      {
        file: 'bff/routes/return.ts',
        from: 'import { hasFlowCookie }',
        to: 'import { hasFlowCookie, listFlowCookies }',
      },
      {
        file: 'bff/routes/return.ts',
        from: '      seeOther(ctx, isDirect',
        to: "      for (const id of listFlowCookies(ctx.req)) ctx.append('Set-Cookie', `__Host-connect-github-${id}=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax`)\n      seeOther(ctx, isDirect",
      },
    ],
  },
  {
    ask: 'An old link of somebody who is signed in ends in an error',
    sources: ['oauth2-proxy/oauth2-proxy#1888'],
    test: {
      file: 'test/flow/github-cases-returns.test.ts',
      name: 'posts replays of one return once and gives each the same outcome',
    },
    mistake: 'a return that was used is refused',
    edits: [
      {
        file: 'bff/flows/handle-return.ts',
        from: '  if (await isPastExpiry(runtime, flow))',
        to: "  if (!RETURNABLE.includes(flow.status)) throw new ConnectError('state_replayed')\n  if (await isPastExpiry(runtime, flow))",
      },
    ],
  },
  {
    ask: 'Several processes',
    sources: ['oauth2-proxy/oauth2-proxy#1450'],
    test: { file: 'test/flow/postgres.test.ts', name: 'connects although every step is another server’s' },
    mistake: 'what ties a flow to its browser is known to one process',
    edits: [
      { file: 'bff/flow-secrets.ts', from: 'createSecretKey(key)', to: 'createSecretKey(randomBytes(32))' },
    ],
  },
]
