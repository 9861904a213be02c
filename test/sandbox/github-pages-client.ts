// Reads the pages of the sandbox's GitHub and presses their buttons, as a browser without JavaScript would.

import { JSDOM } from 'jsdom'
import { readFields, send, startTestSandbox, submitInstallPage, type Answer } from './sandbox-client.ts'

export const HUBOT = 'sandbox_person=hubot'

export interface GithubPage {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly heading: string
  /** Text of the page's own part, below the header; white space collapsed. */
  readonly text: string
  readonly problem: string | null
  /** Buttons of the page's own part, and links that look like one. */
  readonly buttons: readonly string[]
  /** Text and absolute address. */
  readonly links: Readonly<Record<string, string>>
  readonly document: Document
}

/** A sandbox, the address of an account's settings on it, and a member who can ask for the App on acme-coffee. */
export async function startOnSettings(account = 'acme-coffee') {
  const test = await startTestSandbox()
  const settingsUrl = `${test.sandbox.githubUrl}/organizations/${account}/settings/installations`
  const requestAsMember = async (repositories?: readonly string[]) =>
    submitInstallPage((await test.getInstallUrl()).authUrl, {
      account: 'acme-coffee',
      cookie: HUBOT,
      ...(repositories === undefined ? {} : { repositories }),
    })
  return { ...test, settingsUrl, requestAsMember }
}

export async function openPage(url: string, cookie?: string): Promise<GithubPage> {
  return readPage(url, await send(url, { headers: createHeaders(cookie) }))
}

/** Presses a button of the page and follows a redirect of this origin. Fails when the button is not there. */
export async function pressButton(page: GithubPage, text: string, cookie?: string): Promise<GithubPage> {
  const link = [...page.document.querySelectorAll<HTMLAnchorElement>('a.button')].find(
    (one) => one.textContent === text,
  )
  if (link) return openPage(link.href, cookie)
  const button = [...page.document.querySelectorAll('button')].find((one) => one.textContent === text)
  const { defaultView } = page.document
  if (!button?.form || !defaultView) throw new Error(`no button ${text} on ${page.url}`)
  const body = new URLSearchParams(readFields(new defaultView.FormData(button.form, button)))
  return postForm(button.form.action, body, cookie)
}

export async function postForm(url: string, body: URLSearchParams, cookie?: string): Promise<GithubPage> {
  const answer = await send(url, { method: 'POST', headers: createHeaders(cookie), body })
  if (answer.status !== 303) return readPage(url, answer)
  const next = new URL(answer.headers.get('location') ?? '', url)
  if (next.origin !== new URL(url).origin) throw new Error(`led away to ${next.origin}`)
  return openPage(next.href, answer.headers.get('set-cookie')?.split(';')[0] ?? cookie)
}

function createHeaders(cookie: string | undefined): Record<string, string> {
  return cookie === undefined ? {} : { Cookie: cookie }
}

function readPage(url: string, answer: Answer): GithubPage {
  const { document } = new JSDOM(answer.text, { url }).window
  const main = document.querySelector('main') ?? document.body
  const links = [...main.querySelectorAll('a')].map((link) => [link.textContent, link.href] as const)
  return {
    url,
    status: answer.status,
    headers: answer.headers,
    heading: document.querySelector('h1')?.textContent ?? '',
    text: main.textContent.replaceAll(/\s+/g, ' '),
    problem: document.querySelector('[role="alert"]')?.textContent ?? null,
    buttons: [...main.querySelectorAll('button, a.button')].map((button) => button.textContent),
    links: Object.fromEntries(links),
    document,
  }
}
