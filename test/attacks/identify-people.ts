// The `--identify` module of the attacked BFF: the session cookie holds a person's name.
import type { IncomingMessage } from 'node:http'
import type { Identity } from '../../bff/index.ts'
import { findPerson } from './people.ts'

export function identify({ headers }: IncomingMessage): Identity | null {
  return findPerson(/(?:^|; )session=([a-z]+)/.exec(headers.cookie ?? '')?.[1] ?? '')
}
