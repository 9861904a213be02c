// POST {base}/webhooks/github: GitHub tells that an installation was removed, suspended or renamed.
import { receiveWebhook } from '../webhooks/receive-webhook.ts'
import type { Route } from './route.ts'

export const receiveGitHubWebhook: Route = {
  method: 'POST',
  path: '/webhooks/github',
  access: 'signed',
  async handle(runtime, ctx) {
    await receiveWebhook(runtime, ctx.req, ctx.state.requestId)
    ctx.status = 204
  },
}
