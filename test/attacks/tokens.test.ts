// Attacks with tokens that the partner's backend did not sign for this BFF, for this moment, or at all.
import type { Breakage } from '../stack/copied-sources.ts'
import { testAttacks, type Attack } from './attack.ts'
import { forgeToken, nowSeconds, type TokenChange, type TokenKey } from './forge-token.ts'
import { findPerson } from './people.ts'
import type { Scene, SceneOptions } from './scene.ts'

const VERIFY = 'connect-token/verify-token.ts'
const CLAIMS = 'connect-token/claims.ts'
const READ = 'connect-token/read-bearer-token.ts'
const KEYS = 'connect-token/token-keys.ts'

/** What the attacker shows, and where; undefined leaves the header out. */
interface Forgery {
  readonly authorization?: string
  readonly query?: string
  readonly cookie?: string
}

interface TokenAttack {
  readonly does: string
  readonly check: string
  readonly edits: readonly Breakage[]
  readonly scene?: SceneOptions
  readonly show: (scene: Scene) => readonly Forgery[]
}

function forge(key: TokenKey, change: TokenChange = {}): string {
  const ann = findPerson('ann')
  if (ann === null) throw new Error('ann is one of the people')
  return forgeToken(ann, key, change)
}

/** Signed with the right secret, as the partner's backend could have done for something else. */
const signWith = ({ tokenKey }: Scene, change: TokenChange): string => forge(tokenKey, change)

const bearer = (token: string): Forgery => ({ authorization: `Bearer ${token}` })
/** @param change gets the time of the attack, in epoch seconds. */
const claims = (change: (now: number) => Readonly<Record<string, unknown>>) => (scene: Scene) => [
  bearer(signWith(scene, { claims: change(nowSeconds()) })),
]
const headers =
  (...changes: readonly Readonly<Record<string, unknown>>[]) =>
  (scene: Scene) =>
    changes.map((header) => bearer(signWith(scene, { header })))

const NO_SECOND_SOURCE = (source: string): readonly Breakage[] => [
  {
    file: READ,
    from: 'const value = request.headers.authorization',
    to: `const value = request.headers.authorization ?? 'Bearer ' + (${source} ?? '')`,
  },
]

const TOKEN_ATTACKS: readonly TokenAttack[] = [
  {
    does: 'shows a token for another audience',
    check: 'the check of the audience',
    edits: [{ file: VERIFY, from: 'audience: config.audience,', to: '' }],
    show: claims(() => ({ aud: 'https://api.example.com' })),
  },
  {
    does: 'shows a token of another issuer',
    check: 'the check of the issuer',
    edits: [{ file: VERIFY, from: 'issuer: config.issuer,', to: '' }],
    show: claims(() => ({ iss: 'https://staging.example.com' })),
  },
  {
    does: 'shows another JWT of the partner, signed with the same secret',
    check: 'the check of the type',
    edits: [{ file: VERIFY, from: 'typ: TOKEN_TYPE,', to: '' }],
    show: headers({ typ: undefined }, { typ: 'JWT' }, { typ: 'at+jwt' }),
  },
  {
    does: 'shows a token without a signature',
    check: 'the list of algorithms',
    edits: [
      {
        file: VERIFY,
        from: "if (!keys.algorithms.includes(header.alg)) throw refuseToken('algorithm not allowed')",
        to: "if (header.alg === 'none') return parseClaims(JSON.parse(Buffer.from(token.split('.')[1], 'base64url')), Date.now() / 1000)",
      },
    ],
    show: () => ['none', 'None', 'NONE', 'nOnE'].map((alg) => bearer(forge(null, { header: { alg } }))),
  },
  {
    does: 'signs with the public key as if it were a shared secret',
    check: 'the rule that the key decides on the algorithm',
    scene: { tokenKey: 'public-key' },
    edits: [
      {
        file: KEYS,
        from: 'algorithms: [...new Set(named.flatMap(({ names }) => names))],',
        to: "algorithms: ['RS256', 'HS256'],",
      },
      {
        file: KEYS,
        from: 'find: async ({ alg }) => named',
        to: "find: async ({ alg }) => alg === 'HS256' ? keys.map((key) => createSecretKey(key.export({ type: 'spki', format: 'pem' }), 'utf8')) : named",
      },
    ],
    show: ({ tokenKey: { publicKeyPem } }) =>
      [publicKeyPem, publicKeyPem.trim()].map((secret) => bearer(forge({ secret }))),
  },
  {
    does: 'signs with a secret of the attacker’s own',
    check: 'the check of the signature',
    edits: [
      {
        file: VERIFY,
        from: 'const { payload } = await jwtVerify(token, key, options)',
        to: "const payload = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'))",
      },
    ],
    show: () => [bearer(forge({ secret: 'x'.repeat(32) }))],
  },
  {
    does: 'shows a token after its time',
    check: 'the check of the time',
    edits: [{ file: VERIFY, from: 'currentDate: new Date(now)', to: 'currentDate: new Date(now - 400_000)' }],
    show: claims((now) => ({ iat: now - 600, exp: now - 300 })),
  },
  {
    does: 'shows a token before its time',
    check: 'the check of the time',
    edits: [{ file: VERIFY, from: 'currentDate: new Date(now)', to: 'currentDate: new Date(now + 100_000)' }],
    show: claims((now) => ({ nbf: now + 60 })),
  },
  {
    does: 'shows a token that was signed in the future',
    check: 'the check of iat',
    edits: [{ file: CLAIMS, from: 'claims.iat > nowSeconds + CLOCK_TOLERANCE_SECONDS', to: 'false' }],
    show: claims((now) => ({ iat: now + 3_600, exp: now + 3_900 })),
  },
  {
    does: 'shows a token that lives too long',
    check: 'the limit of ten minutes',
    edits: [{ file: CLAIMS, from: 'claims.exp - claims.iat > MAX_LIFETIME_SECONDS', to: 'false' }],
    show: claims((now) => ({ exp: now + 86_400 })),
  },
  {
    does: 'shows a token that names no tenant',
    check: 'the demand for a tenant',
    edits: [{ file: CLAIMS, from: 'tenant: id,', to: "tenant: id.catch('northwind')," }],
    show: (scene) =>
      [undefined, null, '', 7, ['northwind'], { id: 'northwind' }].map((tenant) =>
        bearer(signWith(scene, { claims: { tenant } })),
      ),
  },
  {
    does: 'puts the token into the query, from where it gets into logs',
    check: 'the rule that only the header counts',
    edits: NO_SECOND_SOURCE("new URL(request.url, 'http://x').searchParams.get('access_token')"),
    show: (scene) => {
      const token = signWith(scene, {})
      const names = ['access_token', 'token', 'authorization', 'bearer']
      return [{ query: `?${names.map((name) => `${name}=${token}`).join('&')}` }]
    },
  },
  {
    does: 'puts the token into a cookie, which browsers send for any page',
    check: 'the rule that only the header counts',
    edits: NO_SECOND_SOURCE("/(?:^|; )access_token=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]"),
    show: (scene) => {
      const token = signWith(scene, {})
      const names = ['access_token', 'token', 'authorization', 'session', '__Host-connect-github']
      return [{ cookie: names.map((name) => `${name}=${token}`).join('; ') }]
    },
  },
]

/** A token is accepted when it opens anything: what the tenant has is the least of it. */
function toAttack({ does, check, edits, scene: options, show }: TokenAttack): Attack {
  return {
    does,
    stoppedBy: { token: [{ name: check, edits }] },
    ...(options === undefined ? {} : { scene: options }),
    async play(scene) {
      await checkHonestToken(scene)
      const nobody = scene.browser(null)
      const gains: string[] = []
      for (const { authorization, cookie, query = '' } of show(scene)) {
        const answer = await nobody.send(`/connection${query}`, {
          headers: { 'sec-fetch-site': 'same-origin', authorization, cookie },
        })
        if (answer.status === 200) gains.push('the token was accepted')
      }
      return gains
    },
  }
}

/** Else nothing would be accepted, and all of the attacks would fail for a reason of their own. */
async function checkHonestToken(scene: Scene): Promise<void> {
  await scene.browser('ann').getConnection()
}

testAttacks('Forged and foreign tokens', TOKEN_ATTACKS.map(toAttack))
