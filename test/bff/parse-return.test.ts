// What GitHub's redirect may look like, to the character.
import { describe, expect, it } from 'vitest'
import { parseReturn } from '../../bff/flows/parse-return.ts'

const NOTHING = {
  state: undefined,
  installationId: undefined,
  setupAction: undefined,
  code: undefined,
  error: undefined,
}

describe('is read', () => {
  it.each<[string, object]>([
    ['', {}],
    ['state=s', { state: 's' }],
    ['installation_id=61200417', { installationId: 61200417 }],
    ['installation_id=1', { installationId: 1 }],
    ['installation_id=9007199254740991', { installationId: 9007199254740991 }],
    ['setup_action=install', { setupAction: 'install' }],
    ['setup_action=update', { setupAction: 'update' }],
    ['setup_action=request', { setupAction: 'request' }],
    ['code=c', { code: 'c' }],
    ['error=access_denied', { error: 'access_denied' }],
    [
      'code=c&installation_id=7&setup_action=install&state=s',
      { code: 'c', installationId: 7, setupAction: 'install', state: 's' },
    ],
    [
      'error=access_denied&error_description=The+user&error_uri=x&state=s',
      { error: 'access_denied', state: 's' },
    ],
    ['state=%21%7E', { state: '!~' }],
    ['code=%21%7E', { code: '!~' }],
    [`state=${'s'.repeat(512)}`, { state: 's'.repeat(512) }],
    [`code=${'c'.repeat(256)}`, { code: 'c'.repeat(256) }],
    [`error=${'e'.repeat(64)}`, { error: 'e'.repeat(64) }],
    // Names that are not known, and may be somebody's tomorrow.
    ['utm_source=a&utm_source=b', {}],
    ['states[]=a&statement=b', {}],
    ['my_state[]=a', {}],
    [`x=${'x'.repeat(4094)}`, {}],
  ])('“%s”', (query, expected) => {
    expect(parseReturn(query)).toEqual({ ...NOTHING, ...expected })
  })
})

describe('is refused', () => {
  it.each(['state', 'installation_id', 'setup_action', 'code', 'error'])(
    '%s given twice, or as a list',
    (name) => {
      const value = { installation_id: '1', setup_action: 'install' }[name] ?? 'a'
      expect(parseReturn(`${name}=${value}`)).toBeDefined()
      for (const query of [
        `${name}=${value}&${name}=${value}`,
        `${name}=${value}&x=1&${name}=`,
        `${name}[]=${value}`,
        `x=1&${name}[0]=${value}`,
        `${name}%5B%5D=${value}`,
      ])
        expect(parseReturn(query), query).toBeUndefined()
    },
  )

  it.each([
    ['an empty state', 'state='],
    ['a state with a space', 'state=a+b'],
    ['a state with a space before it', 'state=+a'],
    ['a state with something behind it', 'state=a%7F'],
    ['a state that is too long', `state=${'s'.repeat(513)}`],
    ['an empty id', 'installation_id='],
    ['no id', 'installation_id=0'],
    ['an id with a zero before it', 'installation_id=01'],
    ['an id with something before it', 'installation_id=x1'],
    ['an id with something behind it', 'installation_id=1x'],
    ['an id with a fraction', 'installation_id=1.0'],
    ['an id with an exponent', 'installation_id=1e3'],
    ['an id with a space behind it', 'installation_id=1%20'],
    ['an id that no number holds exactly', 'installation_id=9007199254740992'],
    ['an id of 17 digits', 'installation_id=10000000000000000'],
    ['an empty action', 'setup_action='],
    ['an unknown action', 'setup_action=remove'],
    ['an inherited name as action', 'setup_action=toString'],
    ['an empty code', 'code='],
    ['a code with a line break before it', 'code=%0Aa'],
    ['a code with a line break behind it', 'code=a%0A'],
    ['a code that is too long', `code=${'c'.repeat(257)}`],
    ['an empty error', 'error='],
    ['an error with something before it', 'error=%20access_denied'],
    ['an error with something behind it', 'error=access_denied%20'],
    ['an error in capitals', 'error=Access_Denied'],
    ['an error that is too long', `error=${'e'.repeat(65)}`],
    ['a query of more than 4096 characters', `x=${'x'.repeat(4095)}`],
  ])('%s', (_, query) => {
    expect(parseReturn(query)).toBeUndefined()
  })
})
