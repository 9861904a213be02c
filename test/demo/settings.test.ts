// The demo's settings from the environment, and what it says about a port that is taken.
import { expect, it } from 'vitest'
import { findPortCure, readSettings } from '../../demo/settings.ts'

it('has fixed ports and a temporary directory unless told otherwise', () => {
  expect(readSettings({})).toEqual({
    hostPort: 4000,
    bffPort: 4003,
    layersPort: 4001,
    githubPort: 4002,
    dataDirectory: undefined,
    identity: 'session',
    tokenLifetimeSeconds: 300,
    bffOrigin: 'same',
    ownership: undefined,
  })
})

it('takes ports, the directory and how the demo is put together from the environment', () => {
  const environment = {
    DEMO_PORT: '5000',
    SANDBOX_LAYERS_PORT: '0',
    SANDBOX_GITHUB_PORT: '65535',
    DEMO_DATA_DIR: './data',
    DEMO_BFF_PORT: '5003',
    DEMO_IDENTITY: 'token',
    DEMO_TOKEN_SECONDS: '600',
    DEMO_BFF_ORIGIN: 'other',
    DEMO_OWNERSHIP: 'own-app',
  }
  expect(readSettings(environment)).toEqual({
    hostPort: 5000,
    bffPort: 5003,
    layersPort: 0,
    githubPort: 65535,
    dataDirectory: './data',
    identity: 'token',
    tokenLifetimeSeconds: 600,
    bffOrigin: 'other',
    ownership: 'own-app',
  })
})

it.each(['http', '65536', '-1', '4000 ', '1e3'])('refuses "%s" as a port, and names the variable', (text) => {
  expect(() => readSettings({ SANDBOX_LAYERS_PORT: text })).toThrow(
    /^SANDBOX_LAYERS_PORT is ".*Set it to a port/,
  )
})

it.each([
  ['DEMO_IDENTITY', 'cookie', 'session or token'],
  ['DEMO_BFF_ORIGIN', 'Other', 'same or other'],
  ['DEMO_OWNERSHIP', 'none', 'own-app or partner-app'],
  ['DEMO_TOKEN_SECONDS', '601', 'from 1 to 600'],
  ['DEMO_TOKEN_SECONDS', '0', 'from 1 to 600'],
])('refuses %s=%s, and says what it can be', (name, text, allowed) => {
  expect(() => readSettings({ [name]: text })).toThrow(new RegExp(`^${name} is "${text}".*${allowed}`))
})

it.each([
  [4000, 'DEMO_PORT'],
  [4003, 'DEMO_BFF_PORT'],
  [4001, 'SANDBOX_LAYERS_PORT'],
  [4002, 'SANDBOX_GITHUB_PORT'],
])('names the variable that moves what port %i was meant for', (port, variable) => {
  const error = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE', port })
  expect(findPortCure(error, readSettings({}))).toMatch(
    new RegExp(`^Port ${port}, .*${variable}=\\d+ npm run demo$`),
  )
})

it('leaves other errors as they are', () => {
  expect(findPortCure(new Error('disk full'), readSettings({}))).toBeUndefined()
  expect(
    findPortCure(Object.assign(new Error(), { code: 'EACCES', port: 4000 }), readSettings({})),
  ).toBeUndefined()
})
