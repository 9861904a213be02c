// A secret cannot be printed by any of the usual ways.
import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { format, inspect } from 'node:util'
import { serialize } from 'node:v8'
import { expect, it } from 'vitest'
import { Secret } from '../../bff/secret.ts'

const VALUE = 'the-value-nobody-may-see'
const secret = new Secret(VALUE)

/** What a console method prints. */
function print(show: (console: Console) => void): string {
  let text = ''
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString()
      done()
    },
  })
  show(new Console({ stdout, inspectOptions: { showHidden: true, depth: null } }))
  return text
}

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
  ['console.log', () => print((console) => console.log(secret, { secret }, [secret]))],
  ['console.dir', () => print((console) => console.dir({ secret }, { showHidden: true, depth: null }))],
  ['console.table', () => print((console) => console.table([{ secret }]))],
  ['what is sent to another thread', () => serialize({ secret }).toString('latin1')],
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

it('prints what is not secret', () => {
  expect(print((console) => console.log(secret, VALUE))).toBe(`[secret] ${VALUE}\n`)
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
