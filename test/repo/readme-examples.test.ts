// The READMEs' examples compile against the sources, so that what a newcomer copies works.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { findTypeErrors } from '../stack/type-errors.ts'
import { ROOT } from './source-files.ts'

const directory = join(ROOT, 'test', 'artefacts', `readme-examples-${process.pid}`)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** What the examples assume the reader has: modules of their own product. */
const READERS_OWN: Readonly<Record<string, string>> = {
  'session.ts': `export declare function readSession(request: unknown): Promise<{ companyId: string; id: string; isAdmin: boolean } | null>`,
  'sessions.ts': `export declare function findSession(cookie: string | undefined): Promise<{ companyId: string; userId: string; role: string; layersOrganization: string } | null>`,
}

const TSCONFIG = {
  extends: '../../../tsconfig.json',
  compilerOptions: {
    module: 'esnext',
    moduleResolution: 'bundler',
    jsx: 'react-jsx',
    lib: ['es2024', 'dom', 'dom.iterable'],
    types: ['node'],
    noUnusedLocals: false,
    // The real package has a type for its style sheet through the bundler; here any .css will do.
    noUncheckedSideEffectImports: false,
    paths: {
      '@connect-github/widget': ['../../../widget/index.ts'],
      '@connect-github/widget/element': ['../../../widget/element/index.ts'],
      '@connect-github/widget/languages/*': ['../../../widget/languages/*.ts'],
      '@connect-github/widget/repositories': ['../../../widget/repositories.ts'],
      '@connect-github/bff': ['../../../bff/index.ts'],
      '@connect-github/bff/token': ['../../../bff/connect-token/signer.ts'],
      '@connect-github/sandbox': ['../../../demo/sandbox/index.ts'],
    },
  },
  include: ['*.ts', '*.tsx'],
}

function examplesOf(readme: string): readonly { language: string; code: string }[] {
  const text = readFileSync(join(ROOT, readme), 'utf8')
  return [...text.matchAll(/```(tsx?)\n([\s\S]*?)```/g)].map(([, language = 'ts', code = '']) => ({
    language,
    code,
  }))
}

it('compiles every TypeScript example of every README', () => {
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(TSCONFIG))
  for (const [name, code] of Object.entries(READERS_OWN)) writeFileSync(join(directory, name), code)
  const readmes = ['README.md', 'bff/README.md', 'widget/README.md', 'demo/sandbox/README.md']
  const examples = readmes.flatMap((readme) => examplesOf(readme).map((example) => ({ readme, ...example })))
  expect(examples.length).toBeGreaterThan(3)
  for (const [index, { readme, language, code }] of examples.entries()) {
    const name = `${readme.replaceAll(/\W+/g, '-')}-${index}.${language}`
    writeFileSync(join(directory, name), `${code}\nexport {}\n`)
  }
  expect(findTypeErrors(directory)).toBe('')
})
