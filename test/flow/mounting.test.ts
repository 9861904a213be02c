// The BFF in every kind of host it says it mounts in: the whole flow works there, and the host's own routes still do.
import type { RequestListener } from 'node:http'
import express from 'express'
import Koa from 'koa'
import { expect, it } from 'vitest'
import type { Bff } from '../../bff/index.ts'
import { mountBff, type MountOptions } from './mounted-bff.ts'

interface Mounting extends MountOptions {
  readonly title: string
  readonly createHost: (bff: Bff) => RequestListener
  /** Paths that are the host's own and answer `host`. */
  readonly hostPaths: readonly string[]
}

/** Beside the BFF, and close to it in spelling. */
const BESIDE = [
  '/',
  '/things',
  '/connect',
  '/connect/githubbery',
  '/connect/git',
  '/CONNECT/github',
  '/connect%2fgithub/connection',
]

const listenKoa = (...steps: readonly Koa.Middleware[]): RequestListener => {
  const app = new Koa()
  for (const step of steps) app.use(step)
  const callback = app.callback()
  return (request, response) => void callback(request, response)
}
const koaHost = (ctx: Koa.Context): void => {
  ctx.body = 'host'
}
const expressHost: express.RequestHandler = (_, response) => void response.send('host')

/** As body parsers for Koa do: they read the stream and leave the result on Koa's own request. */
const parseBodyForKoa: Koa.Middleware = async (ctx, next) => {
  const chunks: Buffer[] = []
  for await (const chunk of ctx.req) chunks.push(Buffer.from(chunk))
  const text = Buffer.concat(chunks).toString()
  Object.assign(ctx.request, { body: text === '' ? {} : JSON.parse(text), rawBody: text })
  await next()
}

/** As koa-mount does: it takes the prefix off for what it mounts, and puts it back. */
const mountInKoa =
  (prefix: string, middleware: Koa.Middleware): Koa.Middleware =>
  async (ctx, next) => {
    if (!ctx.path.startsWith(`${prefix}/`)) return next()
    const before = ctx.path
    ctx['mountPath'] = prefix
    ctx.path = before.slice(prefix.length)
    await middleware(ctx, async () => {
      ctx.path = before
      await next()
    })
    ctx.path = before
  }

/** As Next.js calls an API route: the body is read and parsed, the URL is whole. */
const nextApiRoute =
  (bff: Bff): RequestListener =>
  (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      Object.assign(request, { body: text === '' ? {} : JSON.parse(text), query: {}, cookies: {} })
      if (request.url?.startsWith('/api/connect/') === true) void bff.handler(request, response)
      else response.end('host')
    })
  }

function createExpress(mount: (app: express.Express) => void): RequestListener {
  const app = express()
  mount(app)
  app.use(expressHost)
  return app
}

const MOUNTINGS: readonly Mounting[] = [
  {
    title: 'node:http, with nothing beside it',
    createHost: (bff) => (request, response) => void bff.handler(request, response),
    hostPaths: [],
  },
  {
    title: 'node:http at the root of a host name of its own',
    basePath: '',
    createHost: (bff) => (request, response) => void bff.handler(request, response),
    hostPaths: [],
  },
  {
    title: 'node:http, with the host behind it',
    createHost: (bff) => (request, response) =>
      void bff.handler(request, response, () => response.end('host')),
    hostPaths: BESIDE,
  },
  {
    title: 'node:http behind a proxy that takes the prefix off',
    innerPath: '',
    createHost: (bff) => (request, response) => void bff.handler(request, response),
    hostPaths: [],
  },
  {
    title: 'Koa',
    createHost: (bff) => listenKoa(bff.middleware, koaHost),
    hostPaths: BESIDE,
  },
  {
    title: 'Koa behind a body parser',
    createHost: (bff) => listenKoa(parseBodyForKoa, bff.middleware, koaHost),
    hostPaths: BESIDE,
  },
  {
    title: 'Koa mounted at its prefix',
    createHost: (bff) => listenKoa(mountInKoa('/connect/github', bff.middleware), koaHost),
    hostPaths: BESIDE,
  },
  {
    title: 'Koa mounted at a part of its prefix',
    createHost: (bff) => listenKoa(mountInKoa('/connect', bff.middleware), koaHost),
    hostPaths: [...BESIDE, '/connect/things'],
  },
  {
    title: 'Express',
    createHost: (bff) => createExpress((app) => app.use(bff.handler)),
    hostPaths: BESIDE,
  },
  {
    title: 'Express at its prefix',
    createHost: (bff) => createExpress((app) => app.use('/connect/github', bff.handler)),
    hostPaths: BESIDE.filter((path) => path !== '/CONNECT/github'),
  },
  {
    title: 'Express behind express.json()',
    createHost: (bff) => createExpress((app) => app.use(express.json(), bff.handler)),
    hostPaths: BESIDE,
  },
  {
    title: 'Express at its prefix behind all of its body parsers',
    createHost: (bff) =>
      createExpress((app) => {
        app.use(express.json(), express.urlencoded({ extended: true }), express.text(), express.raw())
        app.use('/connect/github', bff.handler)
      }),
    hostPaths: ['/things'],
  },
  {
    title: 'an Express router at a part of its prefix',
    basePath: '/api/connect/github',
    createHost: (bff) =>
      createExpress((app) => app.use('/api', express.Router().use(bff.handler).get('/things', expressHost))),
    hostPaths: ['/things', '/api/things', '/api', '/api/connect'],
  },
  {
    title: 'Express behind a proxy that puts another prefix in its place',
    innerPath: '/internal/github',
    createHost: (bff) => createExpress((app) => app.use('/internal/github', bff.handler)),
    hostPaths: ['/things', '/internal'],
  },
  {
    title: 'a Next.js API route',
    basePath: '/api/connect',
    createHost: nextApiRoute,
    hostPaths: ['/', '/api/things', '/api/connections'],
  },
]

it.each(MOUNTINGS)('connects in $title', async ({ createHost, hostPaths, ...options }) => {
  const mounted = await mountBff(createHost, options)
  try {
    const ann = mounted.browser('ann')
    const { flow, answer } = await ann.connect({ account: 'acme-coffee' })
    const donePage = answer.headers.get('location') ?? ''
    expect(donePage).toBe(
      `http://localhost:9999${options.basePath ?? '/connect/github'}/flows/${flow.flowId}/done`,
    )
    expect((await ann.navigate(donePage)).text).toContain('<!doctype html>')
    expect(await ann.waitForEnd(flow.flowId)).toMatchObject({
      status: 'connected',
      account: { login: 'acme-coffee' },
    })
    expect(await ann.fetchJson('POST', `/flows/${flow.flowId}/cancel`)).toMatchObject({
      body: { status: 'connected' },
    })
    expect(await ann.fetchJson('DELETE', '/connection')).toMatchObject({ body: { status: 'not_connected' } })
    expect(await ann.fetchJson('GET', '/nothing')).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found' } },
    })

    const answers = await Promise.all(
      hostPaths.map(async (path) => ({ path, text: (await ann.send(mounted.hostUrl + path)).text })),
    )
    expect(answers).toEqual(hostPaths.map((path) => ({ path, text: 'host' })))
  } finally {
    await mounted.close()
  }
})

it.each([
  ['Express', (bff: Bff) => createExpress((app) => app.use(express.json(), bff.handler))],
  ['Koa', (bff: Bff) => listenKoa(parseBodyForKoa, bff.middleware)],
])('refuses behind a body parser of %s what it refuses without one', async (_, createHost) => {
  const mounted = await mountBff(createHost)
  try {
    const ann = mounted.browser('ann')
    const bodies = [
      {},
      { flowId: 'x', mode: 'popup' },
      { flowId: 'A'.repeat(22), mode: 'popup', more: 1 },
      [],
    ]
    const answers = await Promise.all(bodies.map((body) => ann.fetchJson('POST', '/flows', body)))
    expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 400))
    expect(await ann.fetchJson('POST', '/flows', { flowId: 'x'.repeat(5000) })).toMatchObject({ status: 413 })
  } finally {
    await mounted.close()
  }
})

it('hands an error that the host throws behind it to the host', async () => {
  const catching: Koa.Middleware = async (ctx, next) => {
    try {
      await next()
    } catch {
      ctx.body = 'caught by the host'
    }
  }
  const failing: Koa.Middleware = () => {
    throw new Error('a defect of the host')
  }
  const mounted = await mountBff((bff) => listenKoa(catching, bff.middleware, failing))
  try {
    expect((await mounted.browser().send(`${mounted.hostUrl}/things`)).text).toBe('caught by the host')
  } finally {
    await mounted.close()
  }
})
