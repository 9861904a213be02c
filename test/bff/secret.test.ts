// A secret cannot be printed by any of the usual ways.
import { format, inspect } from 'node:util'
import { expect, it } from 'vitest'
import { Secret } from '../../bff/secret.ts'

const VALUE = 'the-value-nobody-may-see'
const secret = new Secret(VALUE)

const WAYS: readonly (readonly [string, () => unknown])[] = [
  ['String', () => String(secret)],
  ['a template', () => `${secret.toString()} ${[secret].join('')}`],
  ['joining', () => `a${String(secret)}`],
  ['JSON', () => JSON.stringify(secret)],
  ['JSON, nested', () => JSON.stringify({ deep: [{ secret }] })],
  ['JSON, indented', () => JSON.stringify(new Map([['a', secret]]).get('a'), null, 2)],
  ['inspect', () => inspect(secret)],
  [
    'inspect with everything shown',
    () => inspect({ secret }, { showHidden: true, depth: null, customInspect: false }),
  ],
  [
    'inspect through getters',
    () => inspect(new Error('x', { cause: secret }), { showHidden: true, getters: true }),
  ],
  ['console formats', () => format('%s %o %O %j %d', secret, secret, secret, secret, secret)],
  ['an array', () => String([secret, [secret]])],
  [
    'own properties',
    () =>
      [...Object.getOwnPropertyNames(secret), ...Object.values(secret), ...Reflect.ownKeys(secret)].join(),
  ],
  ['assign', () => JSON.stringify(Object.assign({}, secret))],
  ['a structured clone', () => inspect(structuredClone({ secret }), { showHidden: true })],
  ['an error message', () => new Error(String(secret)).stack],
  ['the class’s own text', () => Secret.toString()],
]

it.each(WAYS)('does not show itself by %s', (_, show) => {
  expect(inspect(show())).not.toContain(VALUE)
})

it('says that it is a secret', () => {
  expect(String(secret)).toBe('[secret]')
  expect(JSON.stringify({ secret })).toBe('{"secret":"[secret]"}')
  expect(inspect({ secret })).toBe('{ secret: [secret] }')
})

it('hands its value to who asks for it by name', () => {
  expect(secret.reveal((value) => value.length)).toBe(VALUE.length)
  expect(secret.reveal((value) => value)).toBe(VALUE)
})
