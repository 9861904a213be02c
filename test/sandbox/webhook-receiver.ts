// A server that receives the sandbox's webhooks, checks their signature and body, and remembers them.

import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { onTestFinished } from 'vitest'
import type { AppName } from '../../demo/sandbox/index.ts'
import { checkWebhook } from './openapi-description.ts'
import { startTestSandbox } from './sandbox-client.ts'

const WEBHOOK_SECRET = 'It is a secret to everybody'

export interface ReceivedWebhook {
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
  /** `valid`, `broken` or `missing`, computed here and not asked of the sandbox. */
  readonly signature: string
  /** Event and action, e.g. `installation.created`. */
  readonly name: string
}

/** A sandbox whose App sends its webhooks to a server of this test; `answer` gives the status of each. */
export async function startWithWebhook(app: AppName = 'connector', answer: () => number | 'cut' = () => 202) {
  const received: ReceivedWebhook[] = []
  const problems: unknown[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      try {
        const webhook = readWebhook(request.headersDistinct, Buffer.concat(chunks).toString())
        received.push(webhook)
        checkWebhook(webhook.name.replace('_', '-').replace('.', '-'), webhook.body)
      } catch (error) {
        problems.push(error)
      }
      const status = answer()
      if (status === 'cut') request.socket.destroy()
      else response.writeHead(status, status === 302 ? { Location: '/elsewhere' } : {}).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    // Thrown here, because an error in a listener would end the whole run.
    if (problems.length > 0) throw problems[0]
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the receiver does not listen')
  const url = `http://127.0.0.1:${address.port}/hooks`
  const test = await startTestSandbox({ apps: { [app]: { webhook: { url, secret: WEBHOOK_SECRET } } } })
  const names = () => received.map(({ name }) => name)
  return { ...test, received, names, url }
}

function readWebhook(distinct: NodeJS.Dict<string[]>, text: string): ReceivedWebhook {
  const headers = Object.fromEntries(Object.entries(distinct).map(([name, values]) => [name, values?.[0]]))
  const body: Record<string, unknown> = JSON.parse(text)
  const expected = `sha256=${createHmac('sha256', WEBHOOK_SECRET).update(text).digest('hex')}`
  const given = headers['x-hub-signature-256']
  const signature = given === undefined ? 'missing' : given === expected ? 'valid' : 'broken'
  const action = typeof body['action'] === 'string' ? `.${body['action']}` : ''
  return { headers, text, body, signature, name: `${String(headers['x-github-event'])}${action}` }
}
