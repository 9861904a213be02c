// Attacks on what another tenant has connected: its repositories, its account, its place in an organization that both share.
import { testAttacks, type Check } from './attack.ts'
import { OTHER_TENANTS_CLAIM } from './checks.ts'
import type { Scene } from './scene.ts'
import type { SandboxPerson, TestBrowser } from '../stack/test-browser.ts'

const CURSORS_TENANT: Check = {
  name: 'the tenant in the cursor',
  edits: [
    {
      file: 'connections/repository-cursor.ts',
      from: 'if (ownTenantId !== tenantId || index !== installation.index) throw refuse()',
      to: "if (ownTenantId === '' || index === '' || installation === null) throw refuse()",
    },
  ],
}

const SEALED_TENANT: Check = {
  name: 'the tenant in everything sealed',
  edits: [{ file: 'seal.ts', from: "|| protectedHeader['tid'] !== tenantId", to: '' }],
}

const CONNECTIONS_TENANT: Check = {
  name: 'the tenant in looking up a connection',
  edits: [
    {
      file: 'storage/sqlite-connections.ts',
      from: `LEFT JOIN installation_facts USING (installation_index)
    WHERE tenant_id = @tenantId`,
      to: `LEFT JOIN installation_facts USING (installation_index)
    WHERE @tenantId <> ''`,
    },
  ],
}

async function connect(
  scene: Scene,
  person: string,
  account: string,
  onGitHub: SandboxPerson,
): Promise<TestBrowser> {
  const browser = scene.browser(person)
  const { flowId, returnUrl } = await scene.goToGitHub(browser, account, onGitHub)
  await browser.navigate(returnUrl)
  await scene.settle(person, flowId)
  return browser
}

testAttacks('Another’s repositories', [
  {
    does: 'asks for the next page with a cursor that another tenant was given',
    stoppedBy: {
      session: [CURSORS_TENANT, SEALED_TENANT],
      token: [CURSORS_TENANT, SEALED_TENANT],
    },
    async play(scene) {
      const ann = await connect(scene, 'ann', 'acme-coffee', 'mona')
      const cora = await connect(scene, 'cora', 'trent', 'trent')
      const page = await ann.fetchJson<{ nextCursor: string }>('GET', '/repositories?limit=1')
      const cursor = encodeURIComponent(page.body.nextCursor)
      const answer = await cora.fetchJson('GET', `/repositories?limit=1&cursor=${cursor}`)
      return answer.status === 200 ? ['the cursor was used'] : []
    },
  },
  {
    does: 'looks, from a tenant that shares the organization, at what the other has connected',
    stoppedBy: { session: [CONNECTIONS_TENANT] },
    async play(scene) {
      await connect(scene, 'ada', 'acme-coffee', 'mona')
      const zoe = scene.browser('zoe')
      const gains: string[] = []
      for (const path of ['/connection', '/repositories']) {
        const { body } = await zoe.fetchJson('GET', path)
        if (JSON.stringify(body).includes('acme-coffee')) gains.push(path)
      }
      return gains
    },
    gains: ['/connection', '/repositories'],
  },
  {
    does: 'connects, from a tenant that shares the organization, what would take the other’s place',
    stoppedBy: { session: [OTHER_TENANTS_CLAIM] },
    async play(scene) {
      await connect(scene, 'ada', 'acme-coffee', 'mona')
      await connect(scene, 'zoe', 'trent', 'trent')
      const id = scene.installationIdOf('trent')
      return scene
        .listPosts()
        .filter(({ installationId }) => installationId === id)
        .map(() => 'it was posted for the organization that the other has')
    },
  },
])
