// Plays a row of the tenancy matrix: asks a route as each of the five people, and says in words what is not as the row says.
import { expect } from 'vitest'
import { ROUTES } from '../../bff/routes/index.ts'
import type { StackOptions } from '../stack/start-stack.ts'
import type { Answer } from '../stack/test-browser.ts'
import { pathOf, type Expected, type Row, type Subject } from './tenant-rows.ts'
import {
  ACCOUNT,
  ask,
  ASKERS,
  FIRST_TENANT,
  readRowsOf,
  setStage,
  textOf,
  type Arrangement,
  type Asker,
  type Stage,
} from './tenant-stage.ts'

/** Longer than an answer with the flow's cookie may be on its way. */
const GRACE_MS = 6_000

/** Ann's tenant is connected, and she is on GitHub with another flow. */
async function prepare({ stack, ann }: Stage): Promise<Subject> {
  const { flow } = await ann.connect({ account: ACCOUNT })
  await ann.waitForEnd(flow.flowId)
  const { flowId } = await ann.startFlow()
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: ACCOUNT })
  if (returnUrl === undefined) throw new Error('GitHub did not send the browser back')
  stack.advance(GRACE_MS)
  return { flowId, returnUrl }
}

/** What is wrong with an answer, in words; nothing when it is as expected. */
function findFaults(answer: Answer, expected: Expected, publicUrl: string): readonly string[] {
  const { status, leadsTo, says, shows } = expected
  const faults: string[] = []
  if (answer.status !== status) faults.push(`status ${answer.status} instead of ${status}: ${answer.text}`)
  const location = placeOf(answer.headers.get('location'), publicUrl)
  if (location !== leadsTo) faults.push(`leads to ${location} instead of ${leadsTo}`)
  if (says !== undefined && !answer.text.includes(says)) faults.push(`does not say “${says}”`)
  if (shows !== undefined && !isMatch(answer.text, shows)) faults.push(`shows ${answer.text}`)
  return faults
}

/** Of ours without the base path, of GitHub's whole. */
function placeOf(location: string | null, publicUrl: string): string | undefined {
  return location === null ? undefined : new URL(location.replace(publicUrl, ''), 'http://bff').pathname
}

function isMatch(text: string, shows: object): boolean {
  try {
    expect(JSON.parse(text)).toMatchObject(shows)
    return true
  } catch {
    return false
  }
}

/** Rows that were there and are not as they were. */
function findChanges(stage: Stage, before: Readonly<Record<string, readonly unknown[]>>): readonly string[] {
  const now = readRowsOf(stage.stack, FIRST_TENANT)
  return Object.entries(before).flatMap(([table, rows]) => {
    const left = new Set((now[table] ?? []).map((row) => JSON.stringify(row)))
    return rows.every((row) => left.has(JSON.stringify(row))) ? [] : [`changes rows in ${table}`]
  })
}

/** What each asker may not see. Colleagues share the connection, and not what ann is doing. */
function listHidden(
  asker: Asker,
  secrets: readonly string[],
  { flowId }: Subject,
  stage: Stage,
): readonly string[] {
  if (asker === 'own') return []
  if (asker === 'nobody' || asker === 'foreign') return secrets
  const ofTenant = new Set([ACCOUNT, ...timesOf(stage)])
  return [flowId, ...secrets.filter((secret) => !ofTenant.has(secret))]
}

function timesOf({ stack }: Stage): readonly string[] {
  return (readRowsOf(stack, FIRST_TENANT)['connections'] ?? []).flatMap((row) =>
    typeof row === 'object' && row !== null
      ? ['registered_at', 'checked_at'].map((column) =>
          new Date(Number(Reflect.get(row, column))).toISOString(),
        )
      : [],
  )
}

/** Asks as each of the five, and says what went otherwise than the row says. */
export async function play(
  row: Row,
  arrangement: Arrangement,
  options: StackOptions = {},
): Promise<readonly string[]> {
  const stage = await setStage(arrangement, options)
  try {
    const subject = await prepare(stage)
    const secrets = stage.listSecrets()
    const answers = row.answers(subject, arrangement)
    const [method = ''] = row.route.split(' ')
    const access = ROUTES.find((route) => `${route.method} ${route.path}` === row.route)?.access ?? 'missing'
    const route = { method, path: pathOf(row, subject), access }

    async function askAs(asker: Asker): Promise<readonly string[]> {
      const browser = asker === 'own' ? stage.ann : await stage.open(asker)
      const hidden = listHidden(asker, secrets, subject, stage)
      const answer = await ask(browser, route, row.body?.(subject))
      const visible = textOf(answer)
      return [
        ...findFaults(answer, answers[asker], stage.stack.publicUrl),
        ...hidden.filter((secret) => visible.includes(secret)).map((secret) => `shows ${secret}`),
      ].map((fault) => `${asker}: ${fault}`)
    }

    // Some answers are long polls, so those that change nothing are asked for at once.
    const before = readRowsOf(stage.stack, FIRST_TENANT)
    const harmless = ASKERS.filter((asker) => answers[asker].changes !== true)
    const faults = (await Promise.all(harmless.map(askAs))).flat()
    const changes = findChanges(stage, before)
    for (const asker of ASKERS) if (answers[asker].changes === true) faults.push(...(await askAs(asker)))
    return [...faults, ...changes]
  } finally {
    await stage.close()
  }
}
