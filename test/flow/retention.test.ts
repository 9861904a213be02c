// What is left of a flow after its end: at first everything, then hashes, then nothing.
import { existsSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readAllRows } from '../bff/unchanged.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'

let stack: Stack
beforeEach(async () => {
  stack = await startStack({ bff: { retentionDays: 30 } })
})
afterEach(() => stack.close())

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const RETURN_TO = 'http://localhost:9999/settings/integrations'

/** The sweeper runs at the start, and then as time goes by. */
async function restartAfter(ms: number): Promise<void> {
  stack.advance(ms)
  await stack.restart()
}

/** One flow that was connected, one that was cancelled, one that nobody came back from. */
async function playThree(): Promise<readonly string[]> {
  const [ann, bob, cora] = [stack.browser('ann'), stack.browser('bob'), stack.browser('cora')]
  const { flow } = await ann.connect({ returnTo: RETURN_TO })
  await ann.waitForEnd(flow.flowId)
  const cancelled = await bob.startFlow({ returnTo: RETURN_TO })
  await bob.fetchJson('POST', `/flows/${cancelled.flowId}/cancel`)
  const left = await cora.startFlow({ returnTo: RETURN_TO })
  return [flow.flowId, cancelled.flowId, left.flowId]
}

/** Which of the texts can be read in the files of the database. */
function findInFiles(texts: readonly string[]): readonly string[] {
  const { databaseFile } = stack
  const files = [databaseFile, `${databaseFile}-wal`].filter((file) => existsSync(file))
  const bytes = Buffer.concat(files.map((file) => readFileSync(file)))
  return texts.filter((text) => bytes.includes(text))
}

it('keeps a flow for an hour after its end, its status and hashes for RETENTION_DAYS, and then nothing', async () => {
  const flowIds = await playThree()
  const readable = [...flowIds, RETURN_TO]
  const readFlows = (): unknown[] => readAllRows(stack.databaseFile)['flows'] ?? []
  expect(findInFiles(readable)).toEqual(readable)

  // Cora's flow ends after its quarter of an hour.
  await restartAfter(15 * MINUTE_MS)
  await stack.waitForLog((line) => line.includes('"event":"flows_expired"'))
  expect(findInFiles(readable)).toEqual(readable)

  await restartAfter(61 * MINUTE_MS)
  await stack.waitForLog((line) => line.includes('"event":"flows_reduced"'))
  await stack.restart()
  expect(findInFiles([...readable, 'cora', 'bob'])).toEqual([])
  expect(readFlows().map((row) => JSON.stringify(row, ['status', 'error', 'return_to', 'user_id']))).toEqual([
    expect.stringMatching(/^{"status":"connected","error":null,"return_to":"","user_id":"[0-9a-f]{64}"}$/),
    expect.stringMatching(/"status":"cancelled".*"user_id":"[0-9a-f]{64}"/),
    expect.stringMatching(/"status":"expired".*"user_id":"[0-9a-f]{64}"/),
  ])
  expect(await stack.browser('ann').getConnection()).toMatchObject({ status: 'connected', flow: null })

  await restartAfter(30 * DAY_MS)
  await stack.waitForLog((line) => line.includes('"event":"flows_purged"'))
  expect(readFlows()).toHaveLength(0)
  expect(await stack.browser('ann').getConnection()).toMatchObject({ status: 'connected' })
})

it('can still be found by the name that the log has for it', async () => {
  const { flow } = await stack.browser('ann').connect()
  await stack.browser('ann').waitForEnd(flow.flowId)
  await restartAfter(61 * MINUTE_MS)
  await stack.waitForLog((line) => line.includes('"event":"flows_reduced"'))
  const rows = readAllRows(stack.databaseFile)['flows'] ?? []
  expect(JSON.stringify(rows)).toContain(`"flow_id":"${flow.reference}`)
})
