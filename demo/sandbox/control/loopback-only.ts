// Keeps the control API for programs and people on this machine.

import type Koa from 'koa'
import { isLoopbackHost } from '../layers/return-url.ts'

/** Whether the connection comes from this machine and was meant for it. */
export function isLocalRequest(ctx: Koa.Context): boolean {
  const address = ctx.req.socket.remoteAddress ?? ''
  const isLoopbackAddress = address === '::1' || /^(::ffff:)?127\./.test(address)
  // The Host check stops a web page whose name was made to point to 127.0.0.1 (DNS rebinding), and tunnels.
  return isLoopbackAddress && isLoopbackHost(readHostname(ctx.req.headers.host))
}

/** Whether a web page other than the control page sent the request. Programs send no Origin. */
export function isForeignPage(ctx: Koa.Context): boolean {
  const origin = ctx.req.headers.origin
  return origin !== undefined && origin !== `http://${ctx.req.headers.host ?? ''}`
}

function readHostname(host: string | undefined): string {
  const url = `http://${host ?? ''}`
  return URL.canParse(url) ? new URL(url).hostname : ''
}
