// Sets two tenants on one BFF, with values of the first that cannot be mistaken in an answer given to the second.
import { readAllRows } from '../bff/unchanged.ts'
import { ORGANIZATIONS, startStack, type Stack, type StackOptions } from '../stack/start-stack.ts'
import { createFlowId, type Answer, type TestBrowser } from '../stack/test-browser.ts'

/** Who asks, seen from ann, whose flow it is. */
export const ASKERS = ['nobody', 'foreign', 'looker', 'colleague', 'own'] as const
export type Asker = (typeof ASKERS)[number]

/** How the two tenants are set up: what says who they are, and whether each has a Layers organization of its own. */
export interface Arrangement {
  readonly identity: 'session' | 'token'
  readonly organizations: 'own' | 'shared'
}

export const ARRANGEMENTS: readonly Arrangement[] = [
  { identity: 'session', organizations: 'own' },
  { identity: 'session', organizations: 'shared' },
  { identity: 'token', organizations: 'own' },
  { identity: 'token', organizations: 'shared' },
]

export const FIRST_TENANT = 'tenant-FIRST-c31f'
const SECOND_TENANT = 'tenant-SECOND-88b2'
export const ACCOUNT = 'acme-coffee'

const PEOPLE = {
  own: ['ann', FIRST_TENANT, true],
  colleague: ['bob', FIRST_TENANT, true],
  looker: ['vera', FIRST_TENANT, false],
  foreign: ['cora', SECOND_TENANT, true],
} as const

const userIdOf = (name: string): string => `user-${name}-5d0e`

export interface Route {
  readonly method: string
  /** Below the base path, with `:flowId` for the flow's. */
  readonly path: string
  readonly access: string
}

export interface Stage {
  readonly stack: Stack
  readonly arrangement: Arrangement
  /** Ann's own browser, with her flow's cookie once she has started one. */
  readonly ann: TestBrowser
  /** A browser of this person's that holds nothing but what says who it is. */
  open(asker: Asker): Promise<TestBrowser>
  /** Values of the first tenant that nobody else may see; ask before anybody else has started anything. */
  listSecrets(): readonly string[]
  close(): Promise<void>
}

export async function setStage(
  arrangement: Arrangement,
  options: Omit<StackOptions, 'identity'> = {},
): Promise<Stage> {
  const { identity, organizations } = arrangement
  const githubWebhookSecret = ['webhook-secret-that-nobody-in-these-tests-knows']
  const bff = { githubWebhookSecret, ...options.bff }
  const stack = await startStack({ ...options, bff, identity })
  for (const [name, tenantId, canConnect] of Object.values(PEOPLE)) {
    const own = tenantId === FIRST_TENANT ? ORGANIZATIONS.northwind.id : ORGANIZATIONS.globex.id
    const layersOrganization = organizations === 'own' ? own : undefined
    stack.people.set(name, { tenantId, userId: userIdOf(name), canConnect, layersOrganization })
  }

  async function open(asker: Asker): Promise<TestBrowser> {
    if (asker === 'nobody') return stack.browser(null)
    const [name] = PEOPLE[asker]
    const browser = stack.browser(name)
    if (identity === 'token') browser.token = await stack.signToken(name)
    return browser
  }

  return {
    stack,
    arrangement,
    ann: await open('own'),
    open,
    listSecrets: () => listSecrets(stack),
    close: () => stack.close(),
  }
}

/** As the widget asks, or the BFF's own page, or the browser itself: whoever calls this route. */
export function ask(browser: TestBrowser, { method, path, access }: Route, body = '{}'): Promise<Answer> {
  if (access === 'navigation') return browser.navigate(path)
  const isOfHostPage = access === 'person' && browser.token !== undefined
  return browser.send(path, {
    method,
    headers: {
      'sec-fetch-site': 'same-origin',
      'x-connect-github': '1',
      authorization: isOfHostPage ? `Bearer ${browser.token}` : undefined,
      'content-type': method === 'POST' ? 'application/json' : undefined,
    },
    ...(method === 'POST' ? { body } : {}),
  })
}

export const startBody = (flowId = createFlowId()): string => JSON.stringify({ flowId, mode: 'popup' })

/** Everything of an answer that its reader can see, in one text. */
export function textOf({ status, headers, text }: Answer): string {
  return [status, ...[...headers].map(([name, value]) => `${name}: ${value}`), text].join('\n')
}

/** The rows that are one tenant's, by table. */
export function readRowsOf(stack: Stack, tenantId: string): Record<string, unknown[]> {
  return Object.fromEntries(
    Object.entries(readAllRows(stack.databaseFile)).map(([table, rows]) => [
      table,
      rows.filter(
        (row) => typeof row === 'object' && row !== null && Reflect.get(row, 'tenant_id') === tenantId,
      ),
    ]),
  )
}

/** Not `expires_at`, which Layers gives in whole seconds, so that it can be equal by chance. */
const TIMES = ['created_at', 'registered_at', 'checked_at']

/** Ids, names and times of the first tenant, as they would stand in an answer. */
function listSecrets(stack: Stack): readonly string[] {
  const secrets = new Set([ACCOUNT, FIRST_TENANT, ORGANIZATIONS.northwind.id])
  for (const [name, tenantId] of Object.values(PEOPLE))
    if (tenantId === FIRST_TENANT) secrets.add(userIdOf(name))
  for (const row of Object.values(readRowsOf(stack, FIRST_TENANT)).flat()) {
    if (typeof row !== 'object' || row === null) continue
    for (const [column, value] of Object.entries(row)) {
      if (column === 'flow_id') secrets.add(String(value))
      if (TIMES.includes(column)) secrets.add(new Date(Number(value)).toISOString())
    }
  }
  for (const line of stack.logLines) {
    const fields: Record<string, unknown> = JSON.parse(line)
    if (typeof fields['flow'] === 'string') secrets.add(fields['flow'])
  }
  for (const { installationId } of stack.sandbox.installations) secrets.add(String(installationId))
  for (const { state } of stack.sandbox.states) secrets.add(state)
  return [...secrets]
}
