// What is published of <connect-github>: it stands alone, breaks no policy, says what it has, and stays small.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, parse } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runInThisContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ATTRIBUTES, FLAGS, TEXTS } from '../../widget/element/properties.ts'
import { ROOT } from './built-element.ts'
import { builtDirectory, EVENTS } from './setup.ts'

/** What is reached, rounded up by a hundredth; it may go down and not up. Styles apart. */
const MAX_GZIP_BYTES = 25_960
/** Things that a strict content security policy forbids; Preact has innerHTML, for a prop that the card does not use. */
const FORBIDDEN =
  /\beval\(|\bFunction\(|insertRule|adoptedStyleSheets|createElement\(["'`]s(tyle|cript)|process\.env/
const FILES = ['connect-github.css', 'connect-github.js', 'custom-elements.json', 'index.js']

/** A partner's script, checked against the types. */
const PAGE = `
import type { ConnectGitHubAttributes, ConnectGitHubState } from './types/widget/element/index.js'
const element = document.createElement('connect-github')
element.token = async () => 'abc'
element.addEventListener('connectsuccess', ({ detail }) => detail.connection.account?.login.length)
document.addEventListener('connectexit', ({ detail }) => detail.error?.displayMessage)
const state: ConnectGitHubState = element.state
if (state.status === 'waiting') state.cancel()
export const attributes: ConnectGitHubAttributes = { 'base-url': '/x', theme: 'dark', onconnectload: () => {} }
// @ts-expect-error: there is no such mode
element.mode = 'window'
// @ts-expect-error: nothing can be cancelled in every state
element.state.cancel()
`

const read = (name: string) => readFileSync(join(builtDirectory(), name), 'utf8')
const gzippedBytes = (name: string) => gzipSync(read(name), { level: 9 }).length

export function testPublished(): void {
  describe('what is published', () => {
    it('is a module, a script, styles, a manifest, and a script for each language', () => {
      expect(readdirSync(builtDirectory())).toEqual(expect.arrayContaining(FILES))
      const { exports }: { exports: Record<string, string | { default: string }> } = JSON.parse(
        readFileSync(join(ROOT, 'widget/package.json'), 'utf8'),
      )
      const targets = Object.entries(exports)
        .filter(([name]) => /^\.\/element\b[^*]*$/.test(name))
        .map(([, target]) => (typeof target === 'string' ? target : target.default))
      expect(targets.toSorted()).toEqual(
        ['connect-github.css', 'index.js'].map((name) => `./dist/element/${name}`),
      )
    })

    it.each(['index.js', 'connect-github.js'])('has all that it needs in %s', (name) => {
      expect([...read(name).matchAll(/\b(?:import|from)\s*["'`]|\bimport\(/g)]).toEqual([])
      expect(FORBIDDEN.exec(read(name))).toBeNull()
    })

    it('would notice what a policy forbids', () => {
      for (const breach of [
        'eval(x)',
        'new Function(x)',
        "createElement('style')",
        'createElement("script")',
      ])
        expect(FORBIDDEN.test(breach), breach).toBe(true)
    })

    it('can be imported on a server, where it does nothing', () => {
      const url = pathToFileURL(join(builtDirectory(), 'index.js')).href
      const code = `const { ConnectGitHubElement } = await import(${JSON.stringify(url)}); console.log(ConnectGitHubElement.name.length > 0, typeof customElements)`
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '' },
      })
      expect(stderr).toBe('')
      expect(stdout.trim()).toBe('true undefined')
    })

    it('brings the styles of the card and its own in one file', () => {
      const styles = read('connect-github.css')
      expect(styles.startsWith(readFileSync(join(builtDirectory(), '../styles.css'), 'utf8'))).toBe(true)
      expect(styles).toContain('connect-github{display:block}')
    })

    it('brings a script for each language, which leaves its texts where the element looks for them', () => {
      const names = (directory: string) => readdirSync(directory).map((name) => parse(name).name)
      const tags = names(join(builtDirectory(), 'languages'))
      expect(tags).toEqual(names(join(ROOT, 'widget/languages')))
      for (const tag of tags) runInThisContext(read(`languages/${tag}.js`))
      const languages = window.ConnectGitHub?.languages ?? {}
      expect(Object.keys(languages)).toEqual(tags)
      for (const tag of tags)
        expect(languages[tag]).toMatchObject({ tag, messages: { connect: expect.any(String) } })
    })

    it('lists in its manifest the attributes, properties and events that it has', () => {
      type Named = readonly { readonly name: string }[]
      const manifest: {
        readonly modules: readonly {
          readonly declarations: readonly Record<'attributes' | 'members' | 'events', Named>[]
        }[]
      } = JSON.parse(read('custom-elements.json'))
      const declaration = manifest.modules[0]?.declarations[0]
      const names = (list: Named = []) => list.map(({ name }) => name).toSorted()
      expect(names(declaration?.attributes)).toEqual(ATTRIBUTES.toSorted())
      expect(names(declaration?.events)).toEqual(EVENTS.toSorted())
      expect(names(declaration?.members)).toEqual(
        [...Object.keys(TEXTS), ...FLAGS, 'token', 'messages', 'appearance', 'locale', 'state'].toSorted(),
      )
    })

    it('has types that ask for neither React nor TanStack Query', () => {
      writeFileSync(join(builtDirectory(), 'page.ts'), PAGE)
      const options = [
        '--strict',
        '--noEmit',
        '--module',
        'nodenext',
        '--target',
        'es2022',
        '--lib',
        'es2022,dom',
      ]
      const { stdout } = spawnSync(
        process.execPath,
        [join(ROOT, 'node_modules/typescript/bin/tsc'), ...options, '--types', '', 'page.ts'],
        { cwd: builtDirectory(), encoding: 'utf8' },
      )
      expect(stdout).toBe('')
    })

    it('does not grow', () => {
      const bytes = gzippedBytes('connect-github.js')
      expect(bytes).toBeLessThanOrEqual(MAX_GZIP_BYTES)
      expect(gzippedBytes('index.js')).toBeLessThanOrEqual(MAX_GZIP_BYTES)
      const [said = ''] =
        /[\d,]+(?= bytes, gzipped and without styles)/.exec(
          readFileSync(join(ROOT, 'widget/README.md'), 'utf8'),
        ) ?? []
      expect(Math.abs(bytes - Number(said.replace(',', '')))).toBeLessThan(150)
    })
  })
}
