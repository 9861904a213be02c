// The route table of the Layers side: path, method, budget, scope and handler.

import type { LayersRouteName } from '../faults.ts'
import type { Answer, Call } from './answer.ts'
import { bindInstallation } from './bind-installation.ts'
import { LayersError } from './errors.ts'
import { getInstallUrl } from './install-url.ts'
import { getInstallation } from './get-installation.ts'
import { runIdempotently } from './idempotency.ts'
import { listRepositories } from './list-repositories.ts'
import type { EndpointClass } from './rate-limits.ts'
import { parseStrictQuery } from './strict-query.ts'
import { whoami } from './whoami.ts'

export interface Route {
  readonly name: LayersRouteName
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly endpointClass: EndpointClass
  /** `null`: any valid key will do. */
  readonly scope: string | null
  readonly handle: (call: Call) => Answer
}

const ROUTES: readonly Route[] = [
  {
    name: 'install_url',
    method: 'GET',
    path: '/v1/github/installation/install-url',
    // A GET, but its page says that it is the write budget that runs out.
    endpointClass: 'write-light',
    scope: 'github:admin',
    handle: getInstallUrl,
  },
  {
    name: 'bind',
    method: 'POST',
    path: '/v1/github/installation',
    endpointClass: 'write-light',
    scope: 'github:admin',
    handle(call) {
      checkJson(call.headers['content-type'])
      parseStrictQuery(call.query, [])
      return runIdempotently(call, 'POST /v1/github/installation', bindInstallation)
    },
  },
  {
    name: 'get_installation',
    method: 'GET',
    path: '/v1/github/installation',
    endpointClass: 'read-light',
    scope: 'github:admin',
    handle: getInstallation,
  },
  {
    name: 'repos',
    method: 'GET',
    path: '/v1/github/repos',
    endpointClass: 'read-light',
    scope: 'github:admin',
    handle: listRepositories,
  },
  {
    name: 'whoami',
    method: 'GET',
    path: '/v1/whoami',
    endpointClass: 'read-light',
    scope: null,
    handle: whoami,
  },
]

export function findRoute(method: string, path: string): Route | undefined {
  return ROUTES.find((route) => route.path === path && route.method === method)
}

/** @throws LayersError NOT_FOUND for an unknown path, METHOD_NOT_ALLOWED for a known one */
export function checkRouteExists(method: string, path: string): void {
  const methods = ROUTES.filter((route) => route.path === path).map((route) => route.method)
  if (methods.length === 0) throw new LayersError('NOT_FOUND', 'No such path.')
  if (!methods.some((known) => known === method)) {
    // RFC 9110 §15.5.6: a 405 names the methods that would do.
    throw new LayersError('METHOD_NOT_ALLOWED', `${method} is not possible here.`, {
      headers: { Allow: methods.join(', ') },
    })
  }
}

/** The class of a request, also of one that leads nowhere, as every response names one. */
export function getEndpointClass(method: string, path: string): EndpointClass {
  return (
    findRoute(method, path)?.endpointClass ??
    (method === 'GET' || method === 'HEAD' ? 'read-light' : 'write-light')
  )
}

function checkJson(contentType: string | undefined): void {
  if (!/^application\/json *(; *charset *= *"?utf-8"? *)?$/i.test(contentType ?? '')) {
    throw new LayersError('UNSUPPORTED_MEDIA_TYPE', 'Send Content-Type: application/json.')
  }
}
