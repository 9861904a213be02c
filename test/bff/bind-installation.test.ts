// One try of one binding: when Layers is asked, when it is posted to, and what follows from what it says.
import { describe, expect, it } from 'vitest'
import {
  account,
  again,
  ANOTHER,
  bound,
  conflict,
  CONFLICT_WITH_ANOTHER,
  CONNECTED,
  failing,
  leftAlone,
  limited,
  NOTHING,
  OURS,
  registeredAt,
  silent,
  TIME_IS_UP,
  tryOnce,
  type Row,
  unreadable,
} from './one-binding.ts'

describe('in time', () => {
  it.each<Row>([
    { title: 'is posted, without a question', when: { posts: [OURS] }, calls: ['post'], step: CONNECTED },
    {
      title: 'that was refused for now before is posted again, without a question',
      when: { attempts: 4, posts: [OURS] },
      calls: ['post'],
      step: CONNECTED,
    },
    {
      title: 'that may have got through is asked about, and not posted when it has',
      when: { attempts: 1, outcomeUnknown: true, asks: [OURS] },
      calls: ['ask'],
      step: CONNECTED,
    },
    {
      title: 'that may have got through is posted when nothing is bound',
      when: { attempts: 1, outcomeUnknown: true, asks: [NOTHING], posts: [OURS] },
      calls: ['ask', 'post'],
      step: CONNECTED,
    },
    {
      title: 'that may have got through is not connected by another installation that is bound',
      when: { attempts: 1, outcomeUnknown: true, asks: [ANOTHER, ANOTHER], posts: [conflict] },
      calls: ['ask', 'post', 'ask'],
      step: CONFLICT_WITH_ANOTHER,
    },
    {
      title: 'that may have got through is not posted while Layers cannot be asked',
      when: { attempts: 1, outcomeUnknown: true, asks: [failing] },
      calls: ['ask'],
      step: again(true),
    },
    {
      title:
        'that may have got through is not posted while Layers cannot be asked, however often that was so',
      when: { attempts: 9, outcomeUnknown: true, asks: [failing] },
      calls: ['ask'],
      step: again(true),
    },
    {
      title: 'stays in doubt when the question is refused for now',
      when: { attempts: 1, outcomeUnknown: true, asks: [limited] },
      calls: ['ask'],
      step: again(true, 4_000),
    },
    { title: 'without an answer is in doubt', when: { posts: [silent] }, calls: ['post'], step: again(true) },
    {
      title: 'that Layers refuses for now is not in doubt, and waits as long as Layers says',
      when: { posts: [limited] },
      calls: ['post'],
      step: again(false, 4_000),
    },
  ])('a binding $title', async ({ when, calls, step }) => {
    const tried = await tryOnce(when)
    expect({ calls: tried.calls, step: tried.step }).toEqual({ calls, step })
  })
})

describe('after the flow’s time', () => {
  it.each<Row>([
    {
      title: 'that was never tried is tried once',
      when: { isOverdue: true, posts: [OURS] },
      calls: ['post'],
      step: CONNECTED,
    },
    {
      title: 'that was tried is given up without a further call',
      when: { isOverdue: true, attempts: 1 },
      calls: [],
      step: TIME_IS_UP,
    },
    {
      title: 'that may have got through is connected when Layers has it',
      when: { isOverdue: true, attempts: 3, outcomeUnknown: true, asks: [OURS] },
      calls: ['ask'],
      step: CONNECTED,
    },
    {
      title: 'that may have got through is given up when nothing is bound',
      when: { isOverdue: true, attempts: 3, outcomeUnknown: true, asks: [NOTHING] },
      calls: ['ask'],
      step: TIME_IS_UP,
    },
    {
      title: 'that may have got through is given up when another installation is bound',
      when: { isOverdue: true, attempts: 3, outcomeUnknown: true, asks: [ANOTHER] },
      calls: ['ask'],
      step: TIME_IS_UP,
    },
    {
      title: 'that may have got through is given up when Layers cannot be asked',
      when: { isOverdue: true, attempts: 3, outcomeUnknown: true, asks: [silent] },
      calls: ['ask'],
      step: TIME_IS_UP,
    },
    {
      title: 'that may have got through is not given up while Layers is left alone, because nothing was sent',
      when: { isOverdue: true, attempts: 3, outcomeUnknown: true, asks: [leftAlone] },
      calls: ['ask'],
      step: { step: 'postpone', reason: 'circuit_open', outcomeUnknown: true, waitMs: 700, spreadMs: 0 },
    },
  ])('a binding $title', async ({ when, calls, step }) => {
    const tried = await tryOnce(when)
    expect({ calls: tried.calls, step: tried.step }).toEqual({ calls, step })
  })

  it('a first try that fails is the last one', async () => {
    const first = await tryOnce({ isOverdue: true, posts: [limited] })
    expect(first).toMatchObject({ calls: ['post'], step: again(false, 4_000) })
    const second = await tryOnce({ isOverdue: true, attempts: 1 })
    expect(second).toMatchObject({ calls: [], step: TIME_IS_UP })
  })
})

describe('an installation that Layers has but cannot use is recorded with the reason', () => {
  it.each([
    ['suspended', 'suspended'],
    ['uninstalled', 'uninstalled'],
    ['pending_review', 'unusable'],
    ['Active', 'unusable'],
  ])('%s', async (status, reason) => {
    const unusable = { step: 'complete', outcome: { status: 'unusable', account, registeredAt, reason } }
    const posted = await tryOnce({ posts: [bound(status)] })
    const asked = await tryOnce({ attempts: 1, outcomeUnknown: true, asks: [bound(status)] })
    const conflicting = await tryOnce({ posts: [conflict], asks: [bound(status)] })
    const unread = await tryOnce({ posts: [unreadable], asks: [bound(status)] })
    for (const { step } of [posted, asked, conflicting, unread]) expect(step).toEqual(unusable)
  })
})
