// GitHub's webhooks at a BFF in a host's own server: accepted as long as nobody has read the body before, and else the log says why not.
import { createHmac, randomUUID } from 'node:crypto'
import type { RequestListener } from 'node:http'
import express from 'express'
import Koa from 'koa'
import { expect, it } from 'vitest'
import type { Bff } from '../../bff/index.ts'
import { mountBff } from './mounted-bff.ts'

const SECRET = 'a-webhook-secret-of-this-test'
const BODY = JSON.stringify({ action: 'deleted', installation: { id: 7 } })

async function deliverTo(createHost: (bff: Bff) => RequestListener) {
  const logLines: string[] = []
  const logStream = { write: (line: string) => void logLines.push(line) }
  const mounted = await mountBff(createHost, { bff: { githubWebhookSecret: [SECRET], logStream } })
  try {
    const { status } = await mounted.browser(null).send('/webhooks/github', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-delivery': randomUUID(),
        'x-github-event': 'installation',
        'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(BODY).digest('hex')}`,
      },
      body: BODY,
    })
    return { status, refusal: logLines.find((line) => line.includes('webhook_refused')) }
  } finally {
    await mounted.close()
  }
}

const expressWith = (...handlers: express.RequestHandler[]): RequestListener => {
  const app = express()
  app.use(...handlers)
  return (request, response) => void app(request, response)
}

it.each<[string, (bff: Bff) => RequestListener]>([
  ['node:http', (bff) => (request, response) => void bff.handler(request, response)],
  ['Express, before its body parser', (bff) => expressWith(bff.handler, express.json())],
  ['Koa', (bff) => new Koa().use(bff.middleware).callback()],
])('are accepted in %s', async (_, createHost) => {
  expect(await deliverTo(createHost)).toEqual({ status: 204, refusal: undefined })
})

it.each<[string, express.RequestHandler]>([
  ['express.json()', express.json()],
  ['express.text()', express.text({ type: '*/*' })],
  ['express.raw()', express.raw({ type: '*/*' })],
])('are refused behind %s, which leaves no bytes to check, and the log names the cure', async (_, parser) => {
  const { status, refusal = '' } = await deliverTo((bff) => expressWith(parser, bff.handler))
  expect(status).toBe(403)
  expect(JSON.parse(refusal)).toMatchObject({
    security: true,
    reason: 'body already read',
    detail: expect.stringContaining('mount the BFF before express.json()'),
  })
})
