// What a partner has already: who is signed in, by the cookie of the partner's own session.
import type { IncomingMessage } from 'node:http'

interface User {
  readonly companyId: string
  readonly id: string
  readonly isAdmin: boolean
}

export async function readSession({ headers }: IncomingMessage): Promise<User | null> {
  const id = /(?:^|; )session=([a-z]+)/.exec(headers.cookie ?? '')?.[1]
  return id === undefined ? null : { companyId: 'northwind', id, isAdmin: true }
}
