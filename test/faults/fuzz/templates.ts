// Requests of every shape that HTTP allows and nobody sends, made by fast-check.
import fc from 'fast-check'
import { ROUTES } from '../../../bff/routes/index.ts'
import { createFlowId } from '../../stack/test-browser.ts'
import { buildTemplate, type Template } from './template.ts'

const BASE = '/connect/github'

export interface Known {
  /** Flows of the person with the session `fuzz`. */
  readonly flowIds: readonly string[]
  /** Header values that are right somewhere: cookies, tokens, signatures. */
  readonly rightValues: readonly string[]
}

const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 300 }),
  fc.constantFrom(
    '',
    ' ',
    'null',
    '__proto__',
    'constructor',
    '%00',
    '%E0%A4%A',
    '../../etc/passwd',
    "' OR 1=1 --",
    '<script>alert(1)</script>',
    '9'.repeat(400),
    '-1',
    '1e309',
    'NaN',
    '\u202e\u0000\ufeff',
    'a'.repeat(3_000),
  ),
)

function arbitrary(known: Known): fc.Arbitrary<Template> {
  const flowId = fc.oneof(
    fc.constantFrom(...known.flowIds),
    fc.constant('A'.repeat(22)),
    fc.constant(createFlowId()),
    fc.string({ maxLength: 40 }).map((text) => text.replaceAll(/[^A-Za-z0-9._~-]/g, 'x')),
  )
  const route = fc.constantFrom(...ROUTES.map(({ method, path }) => ({ method, path })))
  const anyMethod = fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'OPTIONS', 'PATCH')
  const oddPath = fc.constantFrom(
    '',
    '/',
    '//',
    '/.',
    '/flows/',
    '/FLOWS',
    '/connection/',
    '/%66lows',
    '/flows/a/b/c/d',
  )
  const aim = fc.oneof(
    { weight: 12, arbitrary: route },
    {
      weight: 1,
      arbitrary: fc.tuple(anyMethod, route).map(([method, { path }]) => ({ method, path })),
    },
    { weight: 1, arbitrary: fc.record({ method: anyMethod, path: oddPath }) },
  )
  const name = fc.oneof(
    fc.constantFrom(
      'state',
      'installation_id',
      'setup_action',
      'code',
      'after',
      'cursor',
      'search',
      'limit',
      'ref',
      'error',
    ),
    fc.string({ maxLength: 10 }),
  )
  // Repeated names are lists to many a parser.
  const query = fc
    .array(fc.tuple(name, hostileText), { maxLength: 6 })
    .map((pairs) =>
      pairs
        .map(
          ([key, value]) =>
            `${encodeURIComponent(key.toWellFormed())}=${encodeURIComponent(value.toWellFormed())}`,
        )
        .join('&'),
    )
  const cookie = fc.oneof(
    fc.constantFrom(
      'session=fuzz',
      'session=other',
      ...known.rightValues.map((value) => `session=fuzz; ${value}`),
    ),
    fc.tuple(name, hostileText).map(([key, value]) => `${key}=${value}; session=fuzz`),
    hostileText,
  )
  const headers = fc.record(
    {
      cookie,
      authorization: fc.oneof(
        fc.constantFrom(...known.rightValues),
        hostileText.map((text) => `Bearer ${text}`),
        hostileText,
      ),
      origin: fc.oneof(fc.constantFrom('http://localhost:9999', 'null', 'https://evil.example'), hostileText),
      'sec-fetch-site': fc.constantFrom('same-origin', 'cross-site', 'none', 'x'),
      'sec-fetch-mode': fc.constantFrom('navigate', 'cors', 'x'),
      'sec-fetch-dest': fc.constantFrom('document', 'empty', 'iframe', 'x'),
      'x-connect-github': fc.constantFrom('1', '1', '2', ''),
      'content-type': fc.oneof(
        fc.constantFrom('application/json', 'application/json; charset=utf-8', 'text/plain'),
        hostileText,
      ),
      'x-hub-signature-256': fc.oneof(
        fc.constantFrom(...known.rightValues, `sha256=${'a'.repeat(64)}`),
        hostileText,
      ),
      'x-github-event': fc.oneof(fc.constantFrom('installation', 'ping'), hostileText),
      'x-github-delivery': fc.oneof(fc.uuid(), hostileText),
      'x-forwarded-for': fc.oneof(fc.ipV4(), fc.ipV6(), hostileText),
      'accept-language': hostileText,
      'x-odd': hostileText,
    },
    { requiredKeys: [] },
  )
  const body = fc.oneof(
    fc.json({ maxDepth: 6 }),
    fc.json().map((text) => text.slice(0, -1)),
    hostileText,
    fc
      .record(
        {
          flowId: fc.oneof(flowId, fc.anything()),
          mode: fc.oneof(fc.constantFrom('popup', 'redirect', 'tab'), fc.anything()),
          returnTo: fc.anything(),
        },
        { requiredKeys: [] },
      )
      // What would start a flow would ask Layers, whose limits are not what this is about.
      .map((value) => stringify({ ...value, extra: 1 })),
    fc
      .record(
        {
          action: fc.anything(),
          installation: fc.oneof(fc.anything(), fc.record({ id: fc.anything(), account: fc.anything() })),
          changes: fc.anything(),
        },
        { requiredKeys: [] },
      )
      .map(stringify),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    fc.constantFrom('{}', '', '[[[[]]]]', `"${'x'.repeat(5_000)}"`, '['.repeat(2_000)),
  )
  const trusted = {
    cookie: 'session=fuzz',
    'sec-fetch-site': 'same-origin',
    'x-connect-github': '1',
    'content-type': 'application/json',
  }
  return fc
    .record({
      aim,
      flowId,
      query,
      headers,
      body,
      isTrusted: fc.boolean(),
    })
    .map(
      ({
        aim: { method, path: pattern },
        flowId: id,
        query: search,
        headers: odd,
        body: text,
        isTrusted,
      }) => {
        // It waits for a flow that is not there, for ten seconds: only asked for one that is.
        const isLaunch = pattern.endsWith('/launch') && method === 'POST'
        const filled = pattern
          .replace(':flowId', isLaunch ? (known.flowIds[0] ?? '') : id)
          .replace(':code', 'return_unknown')
        const all = isTrusted || isLaunch ? { ...odd, ...trusted } : odd
        return buildTemplate({
          method,
          target: BASE + filled,
          query: search.slice(0, 3_000),
          headers: all,
          body: text,
          isFixed: isLaunch,
        })
      },
    )
}

function stringify(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner)) ?? ''
  )
}

/** As many as are wanted; the same ones for the same seed. */
export function createTemplates(
  known: Known,
  options: { readonly count: number; readonly seed: number },
): readonly Template[] {
  return fc
    .sample(arbitrary(known), { numRuns: options.count, seed: options.seed })
    .filter(({ bytes }) => bytes.length < 16_000)
}
