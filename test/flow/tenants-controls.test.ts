// The control of the tenancy matrix: with one protection taken out of the BFF, the row that watches over it has to say so.
import { describe, expect, it } from 'vitest'
import type { Breakage } from '../stack/copied-sources.ts'
import { loadBroken } from './load-broken-bff.ts'
import { play } from './tenant-play.ts'
import { ROWS } from './tenant-rows.ts'
import { ACCOUNT, FIRST_TENANT } from './tenant-stage.ts'

const OWN_ROW = 'SELECT * FROM flows WHERE flow_id = @flowId AND tenant_id = @tenantId'
const ANY_ROW = 'SELECT * FROM flows WHERE flow_id = @flowId'

/** A protection, the build without it, and a row that has to notice. */
const CONTROLS: readonly [title: string, breakages: readonly Breakage[], row: string, faults: RegExp][] = [
  [
    'flows are found for any tenant and user',
    [
      {
        file: 'storage/sqlite-flows.ts',
        from: `find: db.prepare('${OWN_ROW}')`,
        to: `find: db.prepare('${ANY_ROW}')`,
      },
      { file: 'flows/finish-flow.ts', from: 'flow.userId !== identity.userId', to: 'false' },
    ],
    'GET /flows/:flowId',
    /^foreign: shows (?:.|\n)*^colleague: status 200/m,
  ],
  [
    'flows are found for any user of the tenant',
    [{ file: 'flows/finish-flow.ts', from: 'flow.userId !== identity.userId', to: 'false' }],
    'POST /flows/:flowId/cancel',
    /^colleague: status 200/m,
  ],
  [
    'nobody’s role is looked at',
    [{ file: 'identify.ts', from: '!identity.canConnect', to: 'false' }],
    'DELETE /connection',
    /^looker: status 200(?:.|\n)*changes rows in connections/m,
  ],
  [
    'every tenant’s connection is the one there is',
    [
      {
        file: 'routes/connection.ts',
        from: 'const stored = await storage.findConnection(identity.tenantId)',
        to: `const stored = await storage.findConnection('${FIRST_TENANT}')`,
      },
    ],
    'GET /connection',
    new RegExp(`^foreign: shows ${ACCOUNT}$`, 'm'),
  ],
  [
    'the flow’s cookie is not asked for',
    [{ file: 'flow-secrets.ts', from: 'if (presented === undefined) return false', to: 'return true' }],
    'GET /return',
    /^nobody: leads to \/flows/m,
  ],
]

describe('the matrix notices when', () => {
  it.each(CONTROLS)('%s', async (_title, breakages, name, faults) => {
    const row = ROWS.find(({ route }) => route === name)
    if (row === undefined) throw new Error(`no row is called ${name}`)
    const found = await play(
      row,
      { identity: 'session', organizations: 'own' },
      { build: loadBroken(breakages) },
    )
    expect(found.join('\n')).toMatch(faults)
  })
})
