// The `--identify` module of BFF processes in tests: the session cookie holds the user's name, all of one tenant.
import type { IncomingMessage } from 'node:http'
import type { Identity } from '../../bff/index.ts'

export function identify({ headers }: IncomingMessage): Identity | null {
  const userId = /(?:^|; )session=([a-z]+)/.exec(headers.cookie ?? '')?.[1]
  return userId === undefined ? null : { tenantId: 'northwind', userId, canConnect: true }
}
