// Keeps other sites from posting forms here: signing somebody in as a person of the attacker's choice, or out.
import type { Context, Middleware } from 'koa'

/** Refuses a request that changes something unless the browser says that one of the host's own pages sent it. */
export function requireSameOrigin(hostUrl: string): Middleware {
  return async (context, next) => {
    if (isChange(context.method) && !isSameOrigin(context, hostUrl)) {
      context.status = 403
      context.body = `This form was sent from another site. Open ${hostUrl} and use the form there.`
      return
    }
    await next()
  }
}

function isChange(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD'
}

// Every browser sends Origin with a form that is posted. A request without one is no browser's, or a very old one's.
// https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html#using-standard-headers-to-verify-origin
function isSameOrigin(context: Context, hostUrl: string): boolean {
  return context.get('Origin') === hostUrl
}
