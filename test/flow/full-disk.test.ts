// A disk that is full for a while: nothing is acknowledged meanwhile, and everything goes on as soon as there is room.
import { afterEach, expect, it } from 'vitest'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { loadBroken } from './load-broken-bff.ts'

/** A statement that SQLite refuses as many times as the global variable `diskFull` says. */
const REFUSE = `if (globalThis.diskFull-- > 0) throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' })\n`

let stack: Stack | undefined
afterEach(() => stack?.close())

async function startWithFullDisk(file: string, statement: string, times: number): Promise<Stack> {
  Object.assign(globalThis, { diskFull: times })
  const build = loadBroken([{ file: `storage/${file}`, from: statement, to: REFUSE + statement }])
  stack = await startStack({ build })
  return stack
}

it('answers the return with 503 and Retry-After, and accepts it when it is opened again', async () => {
  const full = await startWithFullDisk(
    'sqlite-returns.ts',
    "        const accepting = flow.status === 'waiting'",
    1,
  )
  const ann = full.browser('ann')
  const { flow, returnUrl, answer } = await ann.connect()
  expect(answer.status).toBe(503)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await ann.getFlow(flow.flowId)).toMatchObject({ status: 'waiting' })
  expect((await ann.navigate(returnUrl)).status).toBe(303)
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
})

it('records what Layers said as soon as there is room, without asking again', async () => {
  const full = await startWithFullDisk(
    'sqlite-jobs.ts',
    '        const { status, error, account } = settle(flow, outcome)',
    2,
  )
  const ann = full.browser('ann')
  const { flow } = await ann.connect()
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
  expect(full.sandbox.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
})
