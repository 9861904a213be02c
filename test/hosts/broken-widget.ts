// A widget with one mistake in it: the control that shows that a test notices. Two ways to use it:
//   packBrokenWidget([{ file: 'widget/hints.ts', from: 'exact text', to: 'mistake' }])   a tarball, to install into a host (install-widget.ts)
//   importBrokenWidget([...])   its exports, in this process, on this repository's React, for tests with jsdom or renderToString
// In the browser tests of this folder neither is called by hand: `test.use({ breakages: { list: [...] } })` serves a host that has it.
// The text has to occur exactly once in the file, else both throw: a control on a changed source would prove nothing. Types are not checked.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type * as widget from '../../widget/index.ts'
import { installWidgetHere, widgetOf } from './install-widget.ts'
import { type Breakage, packWidget } from './pack-widget.ts'

export type { Breakage } from './pack-widget.ts'

export interface BrokenWidget {
  readonly tarball: string
  /** Removes everything that was written. */
  readonly remove: () => void
}

/** A copy of the module whose type this is; only a text within it was replaced. */
const moduleSchema = z.custom<typeof widget>(
  (value) => typeof value === 'object' && value !== null && 'ConnectGitHub' in value,
)

/** Takes some seconds. @param parent where to write; default the system's temporary directory. @throws Error when a text does not occur exactly once, or nothing can be built. */
export function packBrokenWidget(breakages: readonly Breakage[], parent = tmpdir()): BrokenWidget {
  const directory = mkdtempSync(join(parent, 'connect-github-broken-widget-'))
  const remove = () => rmSync(directory, { recursive: true, force: true })
  try {
    return { tarball: packWidget(directory, breakages), remove }
  } catch (error) {
    remove()
    throw error
  }
}

/** Each call builds a copy of its own, so that copies share no state; call `remove` when the test has ended. */
export async function importBrokenWidget(
  breakages: readonly Breakage[],
): Promise<{ readonly widget: typeof widget; readonly remove: () => void }> {
  const broken = packBrokenWidget(breakages)
  try {
    const host = join(broken.tarball, '../host')
    installWidgetHere(host, broken.tarball)
    const loaded: unknown = await import(pathToFileURL(join(widgetOf(host), 'dist/index.js')).href)
    return { widget: moduleSchema.parse(loaded), remove: broken.remove }
  } catch (error) {
    broken.remove()
    throw error
  }
}
