// The tarball itself: what linters of packages say, what TypeScript of three generations makes of its types, what plain Node imports.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@playwright/test'
import { publint } from 'publint'
import { z } from 'zod'
import { hostDirectory, packedWidget } from './build-hosts.ts'
import { type ReactVersion, widgetOf } from './install-widget.ts'

const manifestSchema = z.object({
  exports: z.record(z.string(), z.union([z.string(), z.object({ types: z.string(), default: z.string() })])),
})

function readExports() {
  const manifest = readFileSync(join(widgetOf(hostDirectory(19)), 'package.json'), 'utf8')
  return manifestSchema.parse(JSON.parse(manifest)).exports
}

/** Every entry that is code, by its specifier. */
function readEntries(): ReadonlyMap<string, { readonly types: string; readonly default: string }> {
  const widget = widgetOf(hostDirectory(19))
  const entries = new Map<string, { types: string; default: string }>()
  for (const [path, target] of Object.entries(readExports())) {
    if (typeof target === 'string' || target.default.endsWith('.css')) continue
    for (const star of path.includes('*') ? namesIn(join(widget, dirname(target.default))) : [''])
      entries.set(join('@connect-github/widget', path.replace('*', star)), {
        types: target.types.replace('*', star),
        default: target.default.replace('*', star),
      })
  }
  return entries
}

/** What a star in an export stands for. */
const namesIn = (directory: string): string[] =>
  readdirSync(directory).flatMap((name) => (name.endsWith('.js') ? [name.slice(0, -3)] : []))

test('publint finds nothing to say', async () => {
  const tarball = readFileSync(packedWidget())
  const { messages } = await publint({
    pack: { tarball: tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength) },
    strict: true,
  })
  expect(messages).toEqual([])
})

test('arethetypeswrong finds nothing wrong for those who import', () => {
  const attw = fileURLToPath(import.meta.resolve('@arethetypeswrong/cli/package.json'))
  const output = runInHost(19, [
    join(dirname(attw), 'dist/index.js'),
    packedWidget(),
    '--profile=esm-only',
    '--format=json',
    // Style sheets are no modules.
    '--exclude-entrypoints',
    ...Object.keys(readExports()).filter((path) => path.endsWith('.css')),
  ])
  const problemSchema = z.object({ resolutionKind: z.string().optional() })
  const { problems } = z
    .object({ problems: z.record(z.string(), z.array(problemSchema)) })
    .parse(JSON.parse(output))
  // What the profile leaves out of its verdict is listed all the same: `require`, and resolution from before `exports`.
  const others = Object.entries(problems).flatMap(([kind, found]) =>
    found
      .filter(({ resolutionKind = '' }) => !['node10', 'node16-cjs'].includes(resolutionKind))
      .map(() => kind),
  )
  expect(others).toEqual([])
})

test('every entry that stands on React says that it is for the client, before anything else', () => {
  const widget = widgetOf(hostDirectory(19))
  for (const [specifier, { default: file }] of readEntries()) {
    const path = join(widget, file)
    // An entry without React, such as one of texts alone, is good for servers, too.
    expect(/^["']use client["']/.test(readFileSync(path, 'utf8')), specifier).toBe(importsReact(path))
  }
})

/** Itself, or by a file of ours that it imports. */
function importsReact(path: string): boolean {
  const imports = [...readFileSync(path, 'utf8').matchAll(/(?:from|import) ?["']([^"']+)["']/g)]
  return imports.some(([, target = '']) =>
    target.startsWith('.') ? importsReact(join(dirname(path), target)) : /^react($|\/)/.test(target),
  )
}

for (const react of [18, 19] as const) {
  test(`plain Node imports every entry beside React ${react}`, () => {
    const specifiers = [...readEntries().keys()]
    const script = `${specifiers.map((name, index) => `import * as entry${index} from '${name}'`).join('\n')}
console.log(JSON.stringify([${specifiers.map((_, index) => `Object.keys(entry${index})`).join(', ')}]))`
    const output = runInHost(react, ['--input-type=module', '--eval', script])
    const exports = z.array(z.array(z.string())).parse(JSON.parse(output))
    expect(exports.filter((names) => names.length === 0)).toEqual([])
    expect(exports[specifiers.indexOf('@connect-github/widget')]).toEqual(
      expect.arrayContaining(['ConnectGitHub', 'ConnectGitHubError', 'useConnectGitHub']),
    )
  })
}

/** What a consumer writes; compiled with the types of the package looked into. */
const CONSUMER = `import { ConnectGitHub, useConnectGitHub, type ConnectGitHubProps } from '@connect-github/widget'
import { useRepositories } from '@connect-github/widget/repositories'
export const Card = (props: ConnectGitHubProps) => (
  <ConnectGitHub {...props} onSuccess={({ account }) => account?.login.toUpperCase()} />
)
export function useBoth(): string {
  const github = useConnectGitHub({ onExit: (error) => error?.code })
  if (github.status === 'not_connected') github.connect()
  return github.status + useRepositories().repositories.length
}
`

const COMPILERS = {
  '5.9': createRequire(import.meta.resolve('@connect-github/older-host/package.json')),
  '6.0': createRequire(import.meta.resolve('@connect-github/typescript6-host/package.json')),
  '7.0': createRequire(import.meta.url),
}

for (const [version, home] of Object.entries(COMPILERS)) {
  for (const resolution of ['nodenext', 'bundler'] as const) {
    // The older compilers are slow.
    const tag = version === '7.0' && resolution === 'nodenext' ? [] : ['@long']
    test(`TypeScript ${version} compiles a host with moduleResolution ${resolution}`, { tag }, () => {
      const typescript = dirname(home.resolve('typescript/package.json'))
      const tsc = join(typescript, 'bin/tsc')
      expect(runInHost(19, [tsc, '--version'])).toContain(`Version ${version}`)
      // React 18 has types of its own; the oldest compiler meets them.
      const directory = hostDirectory(version === '5.9' ? 18 : 19)
      const project = join(directory, `typescript-${version}-${resolution}`)
      writeProject(project, resolution)
      expect(runInHost(19, [tsc, '-p', project, '--pretty', 'false'])).toBe('')
    })
  }
}

function writeProject(directory: string, moduleResolution: 'nodenext' | 'bundler'): void {
  mkdirSync(directory)
  writeFileSync(join(directory, 'host.tsx'), CONSUMER)
  const compilerOptions = {
    module: moduleResolution === 'nodenext' ? 'nodenext' : 'esnext',
    moduleResolution,
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable'],
    jsx: 'react-jsx',
    strict: true,
    exactOptionalPropertyTypes: true,
    // What the package declares is compiled as strictly as the host's own files.
    skipLibCheck: false,
    noEmit: true,
    types: [],
  }
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['host.tsx'] }))
}

/** What Node prints, started in a host's directory. @throws Error with what it printed, when it fails. */
function runInHost(react: ReactVersion, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: hostDirectory(react),
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stdout + stderr)
  return stdout
}
