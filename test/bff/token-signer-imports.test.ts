// The signer runs in backends that have no BFF: it loads jose and Node's own modules, and nothing else.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { z } from 'zod'

const ROOT = new URL('../../', import.meta.url)

/** Notes every module that is loaded, then signs, and prints what was loaded. */
const SCRIPT = `
import { registerHooks } from 'node:module'
const loaded = new Set()
registerHooks({
  load(url, context, next) {
    loaded.add(url)
    return next(url, context)
  },
})
const { createTokenSigner } = await import(process.argv[1])
const signer = createTokenSigner({ secret: 'x'.repeat(32), issuer: 'i', audience: 'a' })
const token = await signer.sign({ tenantId: 't', userId: 'u', canConnect: true })
console.log(JSON.stringify({ parts: token.split('.').length, loaded: [...loaded] }))
`

const reportSchema = z.object({ parts: z.number(), loaded: z.array(z.string()) })

function load(file: string): z.infer<typeof reportSchema> {
  const args = ['--input-type=module', '--eval', SCRIPT, new URL(file, ROOT).href]
  return reportSchema.parse(
    JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' })),
  )
}

it('loads jose, Node’s modules and four small files of ours', () => {
  const { parts, loaded } = load('bff/connect-token/signer.ts')
  expect(parts).toBe(3)
  const isJose = (url: string): boolean => url.startsWith(new URL('node_modules/jose/', ROOT).href)
  const rest = loaded.filter((url) => !url.startsWith('node:') && !isJose(url))
  expect(rest.map((url) => url.replace(ROOT.href, '')).toSorted()).toEqual([
    'bff/connect-token/key-algorithm.ts',
    'bff/connect-token/signer.ts',
    'bff/connect-token/token-format.ts',
    'bff/identity-rules.ts',
  ])
  expect(loaded.some(isJose)).toBe(true)
})

it('would notice a package: the verifier loads two more', () => {
  const script = SCRIPT.replace(/const signer[\s\S]*?canConnect: true \}\)/, "const token = 'a.b.c'")
  const args = [
    '--input-type=module',
    '--eval',
    script,
    new URL('bff/connect-token/verify-token.ts', ROOT).href,
  ]
  const { loaded } = reportSchema.parse(
    JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' })),
  )
  for (const name of ['zod', 'undici'])
    expect(loaded.some((url) => url.startsWith(new URL(`node_modules/${name}/`, ROOT).href))).toBe(true)
})

it('is published under a name of its own, which its build has', () => {
  const manifest: unknown = JSON.parse(readFileSync(fileURLToPath(new URL('bff/package.json', ROOT)), 'utf8'))
  expect(manifest).toMatchObject({
    exports: {
      './token': { types: './dist/connect-token/signer.d.ts', default: './dist/connect-token/signer.js' },
    },
  })
})
