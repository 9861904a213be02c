// Scenarios that cannot be run as asked: each is refused before anything has changed.

import { describe, expect, it } from 'vitest'
import { SCENARIO_NAMES } from '../../demo/sandbox/index.ts'
import { getError, send, startTestSandbox } from './sandbox-client.ts'

describe('a scenario that cannot be run', () => {
  it.each([
    ['an unknown name', { name: 'explode' }, SCENARIO_NAMES.join(', ')],
    ['a name of Object', { name: 'constructor' }, 'unknown scenario "constructor"'],
    ['no name', {}, 'fail_next'],
    [
      'an unknown route',
      { name: 'cut_next', route: 'x', when: 'before' },
      'install_url, bind, get_installation, repos, whoami',
    ],
    [
      'an unknown parameter',
      { name: 'kill_switch', on: true, off: false },
      'unknown parameter off; allowed: on',
    ],
    ['a missing parameter', { name: 'kill_switch' }, 'on must be true or false'],
    [
      'a status that is no error',
      { name: 'fail_next', route: 'bind', status: 200, code: 'X' },
      'from 400 to 599',
    ],
    ['too many times', { name: 'no_state_next', times: 10_001 }, 'from 1 to 10000'],
    [
      'a shape the route cannot have',
      { name: 'wrong_shape_next', route: 'bind', shape: 'other_state' },
      'one of install_url',
    ],
    [
      'an unknown account',
      { name: 'install', account: 'x' },
      'acme-coffee, nordwind-shop, mona, initech-labs',
    ],
    [
      'details that are no object',
      { name: 'fail_next', route: 'bind', status: 500, code: 'X', details: [1] },
      'a JSON object',
    ],
  ])('is refused with 422 for %s, naming what is allowed', async (_what, body, named) => {
    const { control, sandbox } = await startTestSandbox()
    const answer = await control('/scenarios', body)
    expect(answer.status).toBe(422)
    expect(getError(answer)['message']).toContain(named)
    const { json } = await send(`${sandbox.controlUrl}/state`)
    expect(json?.['scenarios']).toMatchObject({ waiting: {}, killSwitch: false })
  })

  it('is refused when more than 10,000 would wait', async () => {
    const { sandbox } = await startTestSandbox()
    sandbox.scenario('no_state_next', { times: 10_000 })
    expect(() => sandbox.scenario('no_state_next')).toThrow('at most 10000 can wait at a time')
  })
})
