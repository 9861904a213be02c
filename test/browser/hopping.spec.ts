// The BFF as two processes on one PostgreSQL database: whether a flow really wanders between them.
import { expect, installOnGitHub, openGitHub, signIn, test, widgetOf, type RunningDemo } from './fixtures.ts'

async function connect(page: Parameters<typeof signIn>[0], demo: RunningDemo): Promise<void> {
  await signIn(page, demo)
  await installOnGitHub(await openGitHub(page, demo))
  await expect(widgetOf(page)).toContainText('acme-coffee')
}

/** In how many processes the customer's flow, and the customer's own requests, were answered. */
function countProcesses(demo: RunningDemo): { readonly flow: number; readonly any: number } {
  const asked = demo.processes?.asked ?? []
  return {
    flow: asked.filter((paths) => paths.some((path) => /\/flows\/[\w-]{22}/.test(path))).length,
    any: asked.filter((paths) => paths.some((path) => !path.endsWith('/readyz'))).length,
  }
}

test(
  'has the requests of one flow answered by both processes',
  { tag: '@postgres' },
  async ({ page, demo }) => {
    await connect(page, demo)
    expect(countProcesses(demo)).toEqual({ flow: 2, any: 2 })
    expect(demo.sandbox.bindings).toHaveLength(1)
  },
)

test.describe('control: a balancer that keeps to one process', () => {
  test.use({ isHopping: false })

  test('is told from one that does not', { tag: '@postgres' }, async ({ page, demo }) => {
    await connect(page, demo)
    expect(countProcesses(demo)).toEqual({ flow: 1, any: 1 })
  })
})
