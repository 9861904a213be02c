// Asks the host who is signed in, and goes to the sign-in page when nobody is.
import { useEffect, useState } from 'react'
import type { ConnectGitHubProps } from '../../widget/index.ts'
import { type Company, findPerson, getCompany, type Person } from '../people.ts'
import { createConnectTokenSource } from './connect-token.ts'

export interface Session {
  readonly person: Person
  readonly company: Company
  /** What the widget has to know: where the BFF is, and who says who is asking. */
  readonly connectGitHub: Pick<ConnectGitHubProps, 'baseURL' | 'token'>
  /** Pages of the stand-ins for Layers and GitHub. */
  readonly sandbox: { readonly controlUrl: string; readonly githubPageUrl: string }
}

export function useSession(): Session | 'loading' | 'unreachable' {
  const [session, setSession] = useState<Session | 'loading' | 'unreachable'>('loading')
  useEffect(() => {
    const abort = new AbortController()
    void (async () => {
      const found = await fetchSession(abort.signal).catch(() => 'unreachable' as const)
      if (abort.signal.aborted) return
      if (found === 'nobody') location.replace('/login')
      else setSession(found)
    })()
    return () => abort.abort()
  }, [])
  return session
}

async function fetchSession(signal: AbortSignal): Promise<Session | 'nobody'> {
  const response = await fetch('/api/session', { signal })
  if (response.status === 401) return 'nobody'
  return parseSession(await response.json())
}

function parseSession(answer: unknown): Session {
  const { personId, connectGitHub, sandbox } = parseRecord(answer)
  const { baseURL, tokenPath } = parseRecord(connectGitHub)
  const { controlUrl, githubPageUrl } = parseRecord(sandbox)
  const person = findPerson(String(personId))
  if (person === undefined) throw new TypeError('The session names nobody who works here')
  return {
    person,
    company: getCompany(person),
    connectGitHub: {
      baseURL: String(baseURL),
      token: typeof tokenPath === 'string' ? createConnectTokenSource(tokenPath) : undefined,
    },
    sandbox: { controlUrl: parseHttpUrl(controlUrl), githubPageUrl: parseHttpUrl(githubPageUrl) },
  }
}

function parseRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new TypeError('The session is not an object')
  return { ...value }
}

function parseHttpUrl(value: unknown): string {
  const url = new URL(String(value))
  if (url.protocol !== 'http:') throw new TypeError('A sandbox link is not an http URL')
  return url.href
}
