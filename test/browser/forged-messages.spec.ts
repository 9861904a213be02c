// Messages that pretend to come from the BFF: the page shows nothing that is not so, and foreign ones do not even make it ask.
import type { BrowserContext, Page } from '@playwright/test'
import { expect, openGitHub, signIn, test, widgetOf, type RunningDemo } from './fixtures.ts'
import { startHostilePage } from './hostile-page.ts'

const MESSAGES = 200

/** The flow that the page has open; the attacker is taken to know its id. */
async function startFlow(page: Page, demo: RunningDemo): Promise<string> {
  const answered = page.waitForResponse((response) => response.url().endsWith('/flows'))
  await openGitHub(page, demo)
  const flow: unknown = await (await answered).json()
  const flowId = /"flowId":"([\w-]{22})"/.exec(JSON.stringify(flow))?.[1]
  if (flowId === undefined) throw new Error('the flow has no id')
  await expect(widgetOf(page).getByRole('button', { name: 'Cancel' })).toBeVisible()
  return flowId
}

/** Status requests that the server answers at once: one for each time that the page believed there was news. */
function watchQuestions(page: Page): { readonly count: () => number; readonly mostAtOnce: () => number } {
  let count = 0
  let open = 0
  let most = 0
  const isQuestion = (url: string) => /\/flows\/[\w-]{22}$/.test(url)
  page.on('request', (request) => {
    if (!isQuestion(request.url())) return
    count += 1
    open += 1
    most = Math.max(most, open)
  })
  const end = (request: { url(): string }) => (open -= isQuestion(request.url()) ? 1 : 0)
  page.on('requestfinished', end)
  page.on('requestfailed', end)
  return { count: () => count, mostAtOnce: () => most }
}

/** What the attacker sends: hints of the right form, claims, and nonsense. */
function forge(flowId: string): readonly unknown[] {
  return [
    { source: 'connect-github', flowId },
    { source: 'connect-github', flowId, status: 'connected', account: { login: 'evil' } },
    { source: 'connect-github', type: 'settled', connection: { account: { login: 'evil' } } },
    'connected',
    null,
  ]
}

/** Makes the page note that it has received the last message: they come in the order in which they were sent. */
async function listenForLast(page: Page): Promise<void> {
  await page.evaluate(() => {
    const heard = new Promise<void>((resolve) => {
      window.addEventListener('message', (event) => event.data === 'the last one' && resolve())
    })
    Reflect.set(window, 'heard', heard)
  })
}

async function hearLast(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await Reflect.get(window, 'heard')
  })
}

async function expectNothingFalse(page: Page): Promise<void> {
  await expect(widgetOf(page).getByRole('button', { name: 'Cancel' })).toBeVisible()
  await expect(widgetOf(page)).not.toContainText('evil')
  await expect(widgetOf(page)).not.toContainText('Connected')
}

/** A page of somebody else's opens the host page in a window, and sends it messages. */
async function attackFromOpener(
  context: BrowserContext,
  demo: RunningDemo,
  host: '127.0.0.1' | 'localhost',
): Promise<{ readonly victim: Page; readonly questions: number }> {
  const hostile = await startHostilePage('', host)
  const attacker = await context.newPage()
  await attacker.goto(hostile.url)
  const [victim] = await Promise.all([
    attacker.waitForEvent('popup'),
    attacker.evaluate(
      (url) => void Reflect.set(window, 'victim', window.open(url)),
      `${demo.hostUrl}/integrations`,
    ),
  ])
  const flowId = await startFlow(victim, demo)
  const questions = watchQuestions(victim)
  await listenForLast(victim)
  await attacker.evaluate(
    ({ messages, times }) => {
      const target: unknown = Reflect.get(window, 'victim')
      const channel = new BroadcastChannel('connect-github')
      const send = (message: unknown) => {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no target origin
        channel.postMessage(message)
        Reflect.apply(Reflect.get(Object(target), 'postMessage'), target, [message, '*'])
      }
      for (let sent = 0; sent < times; sent += 1) send(messages[sent % messages.length])
      send('the last one')
    },
    { messages: forge(flowId), times: MESSAGES },
  )
  await hearLast(victim)
  await expectNothingFalse(victim)
  await hostile.close()
  return { victim, questions: questions.count() }
}

for (const [who, host] of [
  ['on another site', '127.0.0.1'],
  ['on the same site', 'localhost'],
] as const) {
  test(`asks nothing when a page ${who}, which opened it, sends ${MESSAGES} messages`, async ({
    page,
    demo,
    context,
  }) => {
    await signIn(page, demo)
    await page.close()
    const { questions } = await attackFromOpener(context, demo, host)
    expect(questions).toBe(0)
  })
}

test.describe('in a frame of the host page', { tag: '@bypass-policy' }, () => {
  // The host's own policy allows no frames; another host's may.
  test.use({ bypassCSP: true })

  test(`a page of somebody else’s that sends ${MESSAGES} messages is not heard`, async ({ page, demo }) => {
    await signIn(page, demo)
    const flowId = await startFlow(page, demo)
    const hostile = await startHostilePage(`<script>
      const messages = ${JSON.stringify(forge(flowId))}
      for (let sent = 0; sent < ${MESSAGES}; sent += 1) parent.postMessage(messages[sent % messages.length], '*')
      parent.postMessage('the last one', '*')
    </script>`)
    const questions = watchQuestions(page)
    await listenForLast(page)
    await page.evaluate((url) => {
      const frame = document.createElement('iframe')
      frame.src = url
      document.body.append(frame)
    }, hostile.url)
    await hearLast(page)
    await expectNothingFalse(page)
    expect(questions.count()).toBe(0)
    await hostile.close()
  })
})

test(`asks one question at a time when its own origin sends ${MESSAGES} messages, and believes none`, async ({
  page,
  demo,
}) => {
  await signIn(page, demo)
  const flowId = await startFlow(page, demo)
  const questions = watchQuestions(page)
  await listenForLast(page)
  await page.evaluate(
    ({ messages, times }) => {
      const channel = new BroadcastChannel('connect-github')
      for (let sent = 0; sent < times; sent += 1) {
        const message: unknown = messages[sent % messages.length]
        window.postMessage(message, location.origin)
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no target origin
        channel.postMessage(message)
      }
      window.postMessage('the last one', location.origin)
    },
    { messages: forge(flowId), times: MESSAGES },
  )
  await hearLast(page)
  await expectNothingFalse(page)
  expect(questions.count()).toBeGreaterThan(0)
  expect(questions.mostAtOnce()).toBe(1)
})

test('asks nothing for a hint of another flow', async ({ page, demo }) => {
  await signIn(page, demo)
  await startFlow(page, demo)
  const questions = watchQuestions(page)
  await listenForLast(page)
  await page.evaluate(
    (messages) => {
      for (const message of [...messages, 'the last one']) window.postMessage(message, location.origin)
    },
    forge('A'.repeat(22)),
  )
  await hearLast(page)
  await expectNothingFalse(page)
  expect(questions.count()).toBe(0)
})

test.describe('control: a widget that does not look where a message comes from', () => {
  test.use({
    broken: { breakages: [{ file: 'widget/hints.ts', from: 'if (event.origin === origin) ', to: '' }] },
  })

  test('is made to ask by a page on another site', async ({ page, demo, context }) => {
    await signIn(page, demo)
    await page.close()
    const { questions } = await attackFromOpener(context, demo, '127.0.0.1')
    expect(questions).toBeGreaterThan(0)
  })
})
