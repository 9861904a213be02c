// Attacks by what the BFF puts into redirects and pages: the way back to the host page, and the reference of a problem.
import { testAttacks, type Check } from './attack.ts'
import { PUBLIC_ORIGIN } from '../flow/bff-process.ts'
import { createFlowId, type Answer } from '../stack/test-browser.ts'
import type { Scene } from './scene.ts'

const OWN_ORIGIN: Check = {
  name: 'the check that the way back stays on the host page’s origin',
  edits: [
    {
      file: 'flows/return-to.ts',
      from: 'if (url.origin !== hostOrigin || !url.href.startsWith(home)) return home',
      to: '',
    },
  ],
}

const PARSED_URL: Check = {
  name: 'the parsing of the way back',
  edits: [
    {
      file: 'flows/return-to.ts',
      from: 'const home = `${hostOrigin}/`\n',
      to: 'const home = `${hostOrigin}/`\n  if (returnTo !== undefined) return hostOrigin + returnTo\n',
    },
  ],
}

/** Node refuses line breaks in headers. */
const CHECKED_HEADERS: Check = {
  name: 'Node’s check of header values',
  edits: [
    {
      file: 'routes/see-other.ts',
      from: "ctx.set('Location', location)",
      to: 'ctx.respond = false\n  ctx.res.socket.end(`HTTP/1.1 303 See Other\\r\\nConnection: close\\r\\nLocation: ${location}\\r\\nContent-Length: 0\\r\\n\\r\\n`)',
    },
  ],
}

const REFERENCE: Check = {
  name: 'the form of a reference',
  edits: [
    { file: 'routes/return.ts', from: '/^req_[A-Za-z0-9_-]{22}$/.test(reference)', to: "reference !== ''" },
  ],
}

const ESCAPING: Check = {
  name: 'the escaping in pages',
  edits: [{ file: 'pages/page.ts', from: 'escapeHtml(page.reference)', to: 'page.reference' }],
}

/** A redirect flow of the victim, whose host page took the way back from a link of the attacker's. */
async function connectAndGoBack(scene: Scene, returnTo: string): Promise<Answer | undefined> {
  const ann = scene.browser('ann')
  const flowId = createFlowId()
  const started = await ann.fetchJson('POST', '/flows', { flowId, mode: 'redirect', returnTo })
  if (started.status >= 400) return undefined
  const form = { account: 'acme-coffee' }
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), form)
  return ann.navigate(returnUrl ?? '')
}

const ELSEWHERE = [
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  '\\\\evil.example/',
  '/\t/evil.example/',
  'https:evil.example',
  'http://localhost:9999@evil.example/',
  'http://localhost:9999.evil.example/',
  'javascript:alert(1)//',
  'data:text/html,x',
  'blob:http://localhost:9999/x',
]

/** As they are, encoded, and as characters whose lower bytes are line breaks. */
const BROKEN_LINES = ['\r\n', '\t\r\n', '%0d%0a', '\u560D\u560A'].map(
  (lineBreak) => `/x${lineBreak}X-Injected: yes${lineBreak}Set-Cookie: injected=yes${lineBreak}`,
)

testAttacks('Redirects, headers and markup', [
  {
    does: 'leads the victim elsewhere after connecting',
    stoppedBy: { session: [OWN_ORIGIN], token: [OWN_ORIGIN] },
    async play(scene) {
      const gains: string[] = []
      for (const returnTo of ELSEWHERE) {
        const answer = await connectAndGoBack(scene, returnTo)
        const location = answer?.headers.get('location') ?? PUBLIC_ORIGIN
        if (!new URL(location, PUBLIC_ORIGIN).href.startsWith(`${PUBLIC_ORIGIN}/`)) gains.push(returnTo)
      }
      return gains
    },
  },
  {
    does: 'puts headers of its own into the answer',
    stoppedBy: { session: [PARSED_URL, CHECKED_HEADERS] },
    async play(scene) {
      const gains: string[] = []
      for (const returnTo of BROKEN_LINES) {
        const answer = await connectAndGoBack(scene, returnTo)
        const cookies = answer?.headers.getSetCookie().join('') ?? ''
        if (answer?.headers.has('x-injected') === true || cookies.includes('injected')) gains.push(returnTo)
      }
      return gains
    },
  },
  {
    does: 'puts markup into the page of a problem',
    stoppedBy: { session: [REFERENCE, ESCAPING] },
    async play(scene) {
      const markup = '<form action="https://evil.example">'
      const page = await scene
        .browser('ann')
        .navigate(`/problem/return_unknown?ref=${encodeURIComponent(markup)}`)
      return page.text.includes(markup) ? ['the page holds the markup'] : []
    },
  },
])
