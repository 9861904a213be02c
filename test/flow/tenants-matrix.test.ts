// The tenancy matrix: every route, asked by the flow's own person, a colleague, one who may only look, a stranger and nobody.
import { describe, expect, it } from 'vitest'
import { ROUTES } from '../../bff/routes/index.ts'
import { play } from './tenant-play.ts'
import { ROWS } from './tenant-rows.ts'
import { ARRANGEMENTS } from './tenant-stage.ts'

it('has a row for every route', () => {
  const routes = ROUTES.map(({ method, path }) => `${method} ${path}`)
  expect(new Set(ROWS.map(({ route }) => route))).toEqual(new Set(routes))
})

describe.concurrent.each(ARRANGEMENTS)(
  'with identity by $identity and an $organizations organization',
  (arrangement) => {
    it.each(ROWS.map((row) => [row.route, row.variant ?? '', row] as const))(
      '%s %s answers each person what is theirs',
      { timeout: 60_000 },
      async (_route, _variant, row) => {
        expect(await play(row, arrangement)).toEqual([])
      },
    )
  },
)
