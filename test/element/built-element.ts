// Builds the element as it is published, for the tests; with ELEMENT_RUNTIME=react on React instead.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Of the repository; `new URL(…, import.meta.url)` would be rewritten for a browser. */
export const ROOT = join(import.meta.dirname, '../..')

export interface BuiltElement {
  /** Holds index.js, connect-github.js, connect-github.css, custom-elements.json, languages/ and, if asked for, types/. */
  readonly directory: string
  readonly remove: () => void
}

/** @param withTypes default false: no test in a browser needs them. */
export function buildElement(withTypes = false): BuiltElement {
  const root = mkdtempSync(join(tmpdir(), 'connect-github-element-'))
  // A build under NODE_ENV=test would take React's development runtime.
  const env = { ...process.env, NODE_ENV: 'production' }
  const run = (file: string, ...args: readonly string[]) =>
    execFileSync(process.execPath, [join(ROOT, file), ...args], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  if (withTypes)
    run('node_modules/typescript/bin/tsc', '-p', join(ROOT, 'widget/tsconfig.build.json'), '--outDir', root)
  run('widget/finish-build.mjs', root)
  run('widget/element/build.mjs', root)
  return { directory: join(root, 'element'), remove: () => rmSync(root, { recursive: true }) }
}
