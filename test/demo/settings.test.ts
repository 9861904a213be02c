// The demo's settings from the environment, and what it says about a port that is taken.
import { expect, it } from 'vitest'
import { findPortCure, readSettings } from '../../demo/settings.ts'

it('has fixed ports and a temporary directory unless told otherwise', () => {
  expect(readSettings({})).toEqual({
    hostPort: 4000,
    layersPort: 4001,
    githubPort: 4002,
    dataDirectory: undefined,
  })
})

it('takes ports and the directory from the environment', () => {
  const environment = {
    DEMO_PORT: '5000',
    SANDBOX_LAYERS_PORT: '0',
    SANDBOX_GITHUB_PORT: '65535',
    DEMO_DATA_DIR: './data',
  }
  expect(readSettings(environment)).toEqual({
    hostPort: 5000,
    layersPort: 0,
    githubPort: 65535,
    dataDirectory: './data',
  })
})

it.each(['http', '65536', '-1', '4000 ', '1e3'])('refuses "%s" as a port, and names the variable', (text) => {
  expect(() => readSettings({ SANDBOX_LAYERS_PORT: text })).toThrow(
    /^SANDBOX_LAYERS_PORT is ".*Set it to a port/,
  )
})

it.each([
  [4000, 'DEMO_PORT'],
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
