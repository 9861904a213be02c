// A copy of the repository's sources, for mistakes that have to be on the disk: tests that read files, build, or run in a browser.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Breakage } from '../stack/copied-sources.ts'
import { applyEdits } from './ask.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const ROOMS = ['bff', 'demo', 'test', 'widget', '.ci']
const FILES = ['package.json', 'tsconfig.json', 'vite.config.ts', 'README.md', 'LICENSE']
/** Our own packages, which have to be those of the copy. */
const SCOPE = '@connect-github'
const WORKSPACES: Readonly<Record<string, string>> = { widget: 'widget', bff: 'bff', sandbox: 'demo/sandbox' }

export interface Copy {
  readonly root: string
  /** Makes the mistakes; returns what takes them back. @throws Error when a text does not occur exactly once. */
  readonly edit: (edits: readonly Breakage[]) => () => void
  readonly remove: () => void
}

export function copyRepository(): Copy {
  const root = mkdtempSync(join(tmpdir(), 'connect-github-asks-'))
  for (const name of [...ROOMS, ...FILES])
    cpSync(join(ROOT, name), join(root, name), {
      recursive: true,
      // The widget as it was built last is where the README's examples find its languages.
      filter: (source) =>
        source.endsWith('/widget/dist') || !/\/(node_modules|dist|artefacts|test-results)$/.test(source),
    })
  linkModules(root)
  return {
    root,
    edit(edits) {
      const before = new Map(
        edits.map(({ file }) => [join(root, file), readFileSync(join(root, file), 'utf8')] as const),
      )
      for (const { file } of edits) {
        const path = join(root, file)
        writeFileSync(path, applyEdits(file, before.get(path) ?? '', edits))
      }
      return () => {
        for (const [path, text] of before) writeFileSync(path, text)
      }
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

/** The same packages as here, each by a link, but for ours. */
function linkModules(root: string): void {
  const own = join(root, 'node_modules', SCOPE)
  mkdirSync(own, { recursive: true })
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (name !== SCOPE && !name.startsWith('.vite')) link(`node_modules/${name}`, root)
  for (const name of readdirSync(join(ROOT, 'node_modules', SCOPE))) {
    const workspace = WORKSPACES[name]
    if (workspace === undefined) link(`node_modules/${SCOPE}/${name}`, root)
    else symlinkSync(join(root, workspace), join(own, name))
  }
  for (const room of ['widget', 'bff', 'test/hosts/older', 'test/hosts/typescript6'])
    if (existsSync(join(ROOT, room, 'node_modules'))) link(`${room}/node_modules`, root)
}

function link(path: string, root: string): void {
  symlinkSync(join(ROOT, path), join(root, path))
}
