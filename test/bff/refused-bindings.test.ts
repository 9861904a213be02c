// One try of one binding that Layers refuses, or answers with something nobody can read or believe.
import { describe, expect, it } from 'vitest'
import { createDataKey } from '../../bff/data-keys.ts'
import type { BindingStep } from '../../bff/delivery/bind-installation.ts'
import { createSealer } from '../../bff/seal.ts'
import { Secret } from '../../bff/secret.ts'
import {
  again,
  ANOTHER,
  conflict,
  CONFLICT_WITH_ANOTHER,
  CONNECTED,
  ended,
  failing,
  invalid,
  NOTHING,
  OURS,
  silent,
  STATE,
  tryOnce,
  type Row,
  type Script,
  unauthenticated,
  unreadable,
} from './one-binding.ts'

describe('a conflict', () => {
  it.each<Row>([
    {
      title: 'with our own installation is a connection',
      when: { posts: [conflict], asks: [OURS] },
      calls: ['post', 'ask'],
      step: CONNECTED,
    },
    {
      title: 'with our own installation is a connection in a shared organization, too',
      when: { organization: null, posts: [conflict], asks: [OURS] },
      calls: ['post', 'ask'],
      step: CONNECTED,
    },
    {
      title: 'in the tenant’s own organization names the account that is bound',
      when: { posts: [conflict], asks: [ANOTHER] },
      calls: ['post', 'ask'],
      step: CONFLICT_WITH_ANOTHER,
    },
    {
      title: 'in a shared organization names nobody',
      when: { organization: null, posts: [conflict], asks: [ANOTHER] },
      calls: ['post', 'ask'],
      step: ended('conflict', 'already_bound'),
    },
    {
      title: 'names nobody when nothing is bound any more',
      when: { posts: [conflict], asks: [NOTHING] },
      calls: ['post', 'ask'],
      step: ended('conflict', 'already_bound'),
    },
    {
      title: 'names nobody when Layers does not say what is bound',
      when: { posts: [conflict], asks: [silent] },
      calls: ['post', 'ask'],
      step: ended('conflict', 'already_bound'),
    },
  ])('$title', async ({ when, calls, step }) => {
    const tried = await tryOnce(when)
    expect({ calls: tried.calls, step: tried.step }).toEqual({ calls, step })
  })
})

describe('an answer to the post that cannot be read', () => {
  it.each<Row>([
    {
      title: 'is a connection when Layers then says that it is bound',
      when: { posts: [unreadable], asks: [OURS] },
      calls: ['post', 'ask'],
      step: CONNECTED,
    },
    {
      title: 'is tried again when Layers then says that nothing is bound',
      when: { posts: [unreadable], asks: [NOTHING] },
      calls: ['post', 'ask'],
      step: again(true),
    },
    {
      title: 'is tried again when nothing is bound, however often that was so',
      when: { attempts: 9, posts: [unreadable], asks: [NOTHING] },
      calls: ['post', 'ask'],
      step: again(true),
    },
    {
      title: 'is tried again when the question fails as well',
      when: { posts: [unreadable], asks: [unreadable] },
      calls: ['post', 'ask'],
      step: again(true),
    },
    {
      title: 'is tried again when the question fails as well, the second time',
      when: { attempts: 1, outcomeUnknown: true, asks: [unreadable] },
      calls: ['ask'],
      step: again(true),
    },
    {
      title: 'blocks the flow when the question fails as well, the third time',
      when: { attempts: 2, posts: [unreadable], asks: [unreadable] },
      calls: ['post', 'ask'],
      step: ended('blocked', 'upstream_invalid'),
    },
    {
      title: 'blocks the flow when the question that comes first cannot be read either, the third time',
      when: { attempts: 2, outcomeUnknown: true, asks: [unreadable] },
      calls: ['ask'],
      step: ended('blocked', 'upstream_invalid'),
    },
  ])('$title', async ({ when, calls, step }) => {
    const tried = await tryOnce(when)
    expect({ calls: tried.calls, step: tried.step }).toEqual({ calls, step })
  })
})

it.each<[string, Script]>([
  ['nothing is bound', { posts: [ANOTHER], asks: [NOTHING] }],
  ['another one is bound', { posts: [ANOTHER], asks: [ANOTHER] }],
  ['Layers does not say what is bound', { posts: [ANOTHER], asks: [failing] }],
])('is never connected by an answer that names another installation, when %s', async (_, script) => {
  const steps: BindingStep[] = []
  for (const attempts of [0, 1, 2, 3]) {
    const { step } = await tryOnce({ ...script, attempts })
    steps.push(step)
  }
  for (const step of steps) {
    const status = step.step === 'complete' ? step.outcome.status : step.step
    expect(['retry', 'blocked']).toContain(status)
  }
})

describe('a refusal', () => {
  it('for the partner to act on ends the flow, and the log names the cure and Layers’ code', async () => {
    const { step, calls, logged } = await tryOnce({ posts: [unauthenticated] })
    expect(step).toEqual(ended('blocked', 'partner_key_refused'))
    expect(calls).toEqual(['post'])
    expect(logged).toContain('check LAYERS_API_KEY')
    expect(logged).toContain('"code":"UNAUTHENTICATED"')
  })

  it('of the installation ends the flow as one the customer can mend', async () => {
    const { step } = await tryOnce({ posts: [invalid] })
    expect(step).toEqual(ended('refused', 'installation_not_found'))
  })

  it('to say what is bound is not laid at the installation’s door', async () => {
    const { step } = await tryOnce({ attempts: 1, outcomeUnknown: true, asks: [invalid] })
    expect(step).toEqual(ended('blocked', 'upstream_refused'))
  })
})

describe('a job that the data keys at hand cannot read', () => {
  const lost = createSealer([new Secret(createDataKey())])

  it('waits for its key, and calls nobody', async () => {
    const stateSealed = await lost.seal('state', 'northwind', STATE)
    for (const outcomeUnknown of [false, true]) {
      const { step, calls, logged } = await tryOnce({ stateSealed, outcomeUnknown })
      const waits = { waitMs: 10_000, spreadMs: 10_000 }
      expect(step).toEqual({ step: 'postpone', reason: 'unreadable', outcomeUnknown, ...waits })
      expect(calls).toEqual([])
      expect(logged).toContain('DATA_KEYS')
    }
  })

  it('ends blocked when its time is up', async () => {
    const stateSealed = await lost.seal('state', 'northwind', STATE)
    const { step, calls } = await tryOnce({ stateSealed, isOverdue: true })
    expect(step).toEqual(ended('blocked', 'internal'))
    expect(calls).toEqual([])
  })
})
