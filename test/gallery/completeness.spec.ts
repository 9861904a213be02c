// Whether the gallery shows everything: each status, each text, each error code.
import { english } from '../../widget/messages.ts'
import type { ConnectGitHubState, Messages } from '../../widget/index.ts'
import { cases } from '../../demo/gallery/cases.ts'
import type { TextName } from '../../demo/gallery/case.ts'
import { textsOf, wordsOn } from '../../demo/gallery/words.ts'
import { expect, test } from './fixtures.ts'

const STATUSES: Readonly<Record<ConnectGitHubState['status'], true>> = {
  loading: true,
  not_connected: true,
  view_only: true,
  opening: true,
  waiting: true,
  authorizing: true,
  finishing: true,
  connected: true,
  awaiting_approval: true,
  conflict: true,
  refused: true,
  expired: true,
  blocked: true,
  reconnect: true,
  failed: true,
  offline: true,
  session_required: true,
}

/** The names of texts that stand on none of the cards. */
function missingFrom(cards: readonly string[], messages: Messages): readonly string[] {
  // A complete set of texts has all names, and no others.
  // eslint-disable-next-line typescript/no-unsafe-type-assertion
  const names = Object.keys(messages) as TextName[]
  return names.filter((name) => {
    const texts = textsOf(messages, name)
    return !cards.some((words) => texts.every((text) => words.includes(text)))
  })
}

test('gives each case a name of its own', () => {
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
})

test('shows each status', () => {
  const shown = new Set(cases.map(({ status }) => status))
  expect([...shown].toSorted()).toEqual(Object.keys(STATUSES).toSorted())
})

test('shows each text somewhere, and notices one that is nowhere', async ({ page, open }) => {
  await open('theme=light')
  const cards: string[] = []
  for (const frame of page.frames())
    for (const card of await frame.locator('figure').all()) cards.push(await card.evaluate(wordsOn))
  expect(missingFrom(cards, english)).toEqual([])
  expect(missingFrom(cards, { ...english, copied: 'On its way to the moon' })).toEqual(['copied'])
})
