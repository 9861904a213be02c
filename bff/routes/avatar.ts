// GET {base}/avatar: the picture of the tenant's connected account, so that no browser has to ask GitHub for it.
import { ConnectError } from '../errors.ts'
import type { Route } from './route.ts'

/** The address changes with the account. */
const CACHE_CONTROL = 'private, max-age=3600'

/** Nothing of the query is read: whose picture it is, is what the tenant has. */
export const showAvatar: Route = {
  method: 'GET',
  path: '/avatar',
  access: 'person',
  async handle({ avatars, storage }, ctx, identity) {
    const connection = avatars === null ? undefined : await storage.findConnection(identity.tenantId)
    const picture = connection === undefined ? null : await avatars?.find(connection.account.login)
    if (!picture) throw new ConnectError('not_found')
    ctx.set({
      'Cache-Control': CACHE_CONTROL,
      // Whoever opens it as a page gets one that can do nothing.
      'Content-Security-Policy': "default-src 'none'; sandbox",
    })
    ctx.type = picture.type
    ctx.body = picture.bytes
  },
}
