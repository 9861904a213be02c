// What a browser does in a flow, by hand and over real HTTP: cookies, Fetch Metadata, redirects that are not followed by themselves.
/* oxlint-disable typescript/no-unnecessary-type-parameters, typescript/no-unsafe-type-assertion -- fetchJson: a test names the type it expects, and asserts on its fields */
import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import {
  FLOW_STATUSES,
  type ConnectionView,
  type FlowView,
  type LaunchAnswer,
  type StartFlowRequest,
} from '../../bff/contract.ts'
import { connectionViewSchema, flowViewSchema, launchAnswerSchema } from '../../bff/wire-schemas.ts'
import { sendRaw, type Answer, type RequestOptions } from './send-raw.ts'
import type { Stack } from './start-stack.ts'

export type { Answer } from './send-raw.ts'

/** Who is signed in on the sandbox's GitHub. */
export type SandboxPerson = 'mona' | 'hubot' | 'trent'

export interface TestBrowser {
  /** Every cookie the browser holds, by name. Tests may change it. */
  readonly cookies: Map<string, string>
  /** The connect token that the host page's script sends along; undefined with host sessions. Tests may change it. */
  token: string | undefined
  /** Sends exactly this to the BFF, with cookies; `path` is below the base path, or absolute. */
  send(path: string, options?: RequestOptions): Promise<Answer>
  /** As a script of the host page would: same origin, JSON. */
  fetchJson<Body>(method: string, path: string, body?: unknown): Promise<{ status: number; body: Body }>
  startFlow(options?: Partial<StartFlowRequest>): Promise<FlowView>
  getConnection(): Promise<ConnectionView>
  getFlow(flowId: string, query?: string): Promise<FlowView>
  /** Waits by long poll until the flow is no longer open. */
  waitForEnd(flowId: string): Promise<FlowView>
  launch(flowId: string): Promise<LaunchAnswer>
  /** GitHub's URL for a flow that is waiting. */
  getInstallUrl(flowId: string): Promise<string>
  /** Submits the sandbox's install page; where GitHub sends the browser, or undefined when it does not. */
  submitOnGitHub(
    installUrl: string,
    form: Readonly<Record<string, string>>,
    person?: SandboxPerson,
  ): Promise<string | undefined>
  /** Presses a button on the sandbox's authorize page; where GitHub sends the browser. */
  authorizeOnGitHub(
    authorizeUrl: string,
    action?: 'authorize' | 'cancel',
    person?: SandboxPerson,
  ): Promise<string>
  /** Opens a URL as a top-level navigation coming from GitHub. Redirects are not followed. */
  navigate(url: string, headers?: Readonly<Record<string, string | undefined>>): Promise<Answer>
  /** The whole trip: start, launch, install for `account`, and the return, which is answered but not followed. */
  connect(
    options?: { account?: string } & Partial<StartFlowRequest>,
  ): Promise<{ flow: FlowView; returnUrl: string; answer: Answer }>
}

export function createFlowId(): string {
  return randomBytes(16).toString('base64url')
}

/** Where a browser goes, and who it is. Any BFF will do, also one in a process of its own. */
export interface TestBrowserOptions {
  readonly stack: Pick<Stack, 'baseUrl' | 'publicOrigin' | 'publicUrl' | 'artefacts'>
  /** Whose session the browser has; null for none. */
  readonly person: string | null
  readonly token?: string | undefined
}

export function createTestBrowser({ stack, person, token }: TestBrowserOptions): TestBrowser {
  const cookies = new Map<string, string>(person === null ? [] : [['session', person]])

  async function send(path: string, options: RequestOptions = {}): Promise<Answer> {
    const url = path.startsWith('http') ? path : stack.baseUrl + path
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await sendRaw(url, {
      ...options,
      headers: { cookie: cookie || undefined, ...options.headers },
    })
    stack.artefacts.record('answers', describeAnswer(answer))
    for (const line of answer.headers.getSetCookie()) keepCookie(line)
    return answer
  }

  function keepCookie(line: string): void {
    const [pair = ''] = line.split(';')
    const name = pair.slice(0, pair.indexOf('='))
    if (/max-age=0/i.test(line)) cookies.delete(name)
    else cookies.set(name, pair.slice(pair.indexOf('=') + 1))
  }

  const ofHostPage = (): Readonly<Record<string, string>> =>
    browser.token === undefined ? {} : { authorization: `Bearer ${browser.token}` }

  async function fetchJson<Body>(
    method: string,
    path: string,
    body?: unknown,
    extraHeaders: Readonly<Record<string, string>> = ofHostPage(),
  ): Promise<{ status: number; body: Body }> {
    const answer = await send(path, {
      method,
      headers: {
        origin: method === 'GET' ? undefined : stack.publicOrigin,
        'sec-fetch-site': 'same-origin',
        'sec-fetch-mode': 'cors',
        'sec-fetch-dest': 'empty',
        'x-connect-github': '1',
        'content-type': method === 'GET' ? undefined : 'application/json',
        ...extraHeaders,
      },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    })
    // Tests name the type they expect and then assert on its fields.
    return { status: answer.status, body: JSON.parse(answer.text) as Body }
  }

  /** The body, as the BFF's own schema for this route has it: what is documented is what is sent. */
  async function getOk<Body>(
    schema: z.ZodType<Body>,
    method: string,
    path: string,
    body?: unknown,
    extraHeaders?: Readonly<Record<string, string>>,
  ): Promise<Body> {
    const answer = await fetchJson<unknown>(method, path, body, extraHeaders)
    if (answer.status >= 400)
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    return schema.parse(answer.body)
  }

  const browser: TestBrowser = {
    cookies,
    token,
    send,
    fetchJson: (method, path, body) => fetchJson(method, path, body),
    startFlow: ({ flowId = createFlowId(), mode = 'popup', ...more } = {}) =>
      getOk(flowViewSchema, 'POST', '/flows', { flowId, mode, ...more }),
    getConnection: () => getOk(connectionViewSchema, 'GET', '/connection'),
    getFlow: (flowId, query = '') => getOk(flowViewSchema, 'GET', `/flows/${flowId}${query}`),
    async waitForEnd(flowId) {
      let flow = await browser.getFlow(flowId)
      while (FLOW_STATUSES[flow.status].open) {
        flow = await browser.getFlow(flowId, `?after=${flow.version}&wait=10`)
      }
      return flow
    },
    // By the BFF's own page, which has no connect token.
    launch: (flowId) => getOk(launchAnswerSchema, 'POST', `/flows/${flowId}/launch`, {}, {}),
    async getInstallUrl(flowId) {
      const answer = await browser.launch(flowId)
      if (answer.status !== 'ready')
        throw new Error(`the flow is not ready to launch: ${JSON.stringify(answer)}`)
      return answer.url
    },
    async submitOnGitHub(installUrl, form, githubPerson = 'mona') {
      const answer = await sendRaw(installUrl, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          cookie: `sandbox_person=${githubPerson}`,
        },
        body: new URLSearchParams(form).toString(),
      })
      return answer.headers.get('location') ?? undefined
    },
    async authorizeOnGitHub(authorizeUrl, action = 'authorize', githubPerson = 'mona') {
      const answer = await sendRaw(authorizeUrl, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          cookie: `sandbox_person=${githubPerson}`,
        },
        body: new URLSearchParams({ action }).toString(),
      })
      const location = answer.headers.get('location')
      if (location === null) throw new Error(`the authorize page answered ${answer.status}`)
      return location
    },
    navigate(url, headers = {}) {
      const path = url.replace(stack.publicUrl, '')
      return send(path, {
        headers: {
          'sec-fetch-site': 'cross-site',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-dest': 'document',
          'sec-fetch-user': '?1',
          accept: 'text/html',
          ...headers,
        },
      })
    },
    async connect({ account = 'acme-coffee', ...request } = {}) {
      const flow = await browser.startFlow(request)
      const returnUrl = await browser.submitOnGitHub(await browser.getInstallUrl(flow.flowId), { account })
      if (returnUrl === undefined) throw new Error('GitHub did not send the browser back')
      return { flow, returnUrl, answer: await browser.navigate(returnUrl) }
    },
  }
  return browser
}

/** Answers as the leak scan reads them. */
function describeAnswer({ status, headers, text }: Answer): string {
  const lines = [...headers].map(([name, value]) => `${name}: ${value}`)
  return hideGitHubUrl([status, ...lines, text].join('\n'))
}

/** GitHub's URL has to carry the state, in a redirect and in the answer to the launch page; nothing else may. */
export function hideGitHubUrl(answer: string): string {
  return answer
    .replace(
      /^location: https?:\/\/[^/\s]+\/(?:apps\/|login\/oauth\/authorize)\S*/im,
      'location: (GitHub’s URL)',
    )
    .replace(/"url":"[^"]*"/, '"url":"(GitHub’s URL)"')
}
