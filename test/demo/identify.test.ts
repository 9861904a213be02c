// Who the BFF takes the visitor for: seen through the BFF's own answers and through what reaches Layers.
import { afterEach, describe, expect, it } from 'vitest'
import { type Demo, type DemoOptions, startDemo } from '../../demo/start-demo.ts'
import { DEFAULT_ORGANIZATIONS } from '../../demo/sandbox/index.ts'
import { createVisitor, startFlow } from './visitor.ts'

let demo: Demo | undefined

async function start(options: DemoOptions = {}): Promise<Demo> {
  demo = await startDemo(options)
  return demo
}

afterEach(() => demo?.close())

describe('with an organization for each company', () => {
  it('tells nobody anything without a session', async () => {
    const { hostUrl } = await start()
    expect((await createVisitor(hostUrl).get('/connect/github/connection')).status).toBe(401)
  })

  it.each([
    ['ada', true],
    ['vic', false],
    ['gus', true],
    ['wen', false],
  ])('lets %s connect: %s', async (personId, canConnect) => {
    const { hostUrl } = await start()
    const visitor = createVisitor(hostUrl)
    await visitor.signIn(personId)
    expect(await (await visitor.get('/connect/github/connection')).json()).toMatchObject({ canConnect })
    expect((await startFlow(visitor)).status).toBe(canConnect ? 201 : 403)
  })

  it.each([
    ['ada', DEFAULT_ORGANIZATIONS.northwind.id],
    ['gus', DEFAULT_ORGANIZATIONS.globex.id],
  ])('asks Layers on behalf of the company of %s', async (personId, organizationId) => {
    const { hostUrl, sandbox } = await start()
    const visitor = createVisitor(hostUrl)
    await visitor.signIn(personId)
    await startFlow(visitor)
    expect(sandbox.states.map((state) => state.organizationId)).toEqual([organizationId])
  })
})

describe('with one organization for all', () => {
  it('asks Layers on behalf of the partner', async () => {
    const { hostUrl, sandbox } = await start({ sharedOrganization: true })
    for (const personId of ['ada', 'gus']) {
      const visitor = createVisitor(hostUrl)
      await visitor.signIn(personId)
      await startFlow(visitor)
    }
    const { parent } = DEFAULT_ORGANIZATIONS
    expect(sandbox.states.map((state) => state.organizationId)).toEqual([parent.id, parent.id])
  })
})
