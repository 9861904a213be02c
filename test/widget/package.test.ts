// What the widget's package asks of a host, and its style sheet of a page: read from the files as they are published.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { version as newest } from 'react'
import { expect, it } from 'vitest'
import { z } from 'zod'

const manifestOf = (path: string) =>
  z
    .object({ peerDependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')))
const versionSchema = z.object({ version: z.string() })

const older = versionSchema.parse(
  createRequire(new URL('../hosts/older/package.json', import.meta.url))('react'),
)

/** Of `>=1.2.3` and `<4`, joined by spaces, which is all that the package uses. */
function accepts(range: string, version: string): boolean {
  const compare = (other: string): number => version.localeCompare(other, 'en', { numeric: true })
  return range.split(' ').every((part) => {
    const [, sign, bound = ''] = /^(>=|<)([\d.]+)$/.exec(part) ?? []
    if (sign === undefined) throw new Error(`not a range this test understands: ${range}`)
    return sign === '<' ? compare(bound) < 0 : compare(bound) >= 0
  })
}

it.each(['18.3.0', older.version, newest, '20.0.0'])('lets a host have React %s', (version) => {
  expect(accepts(manifestOf('../../widget/package.json').peerDependencies['react'] ?? '', version)).toBe(true)
})

it.each(['widget/styles.css', 'widget/element/element.css'])('knows no left and no right in %s', (file) => {
  const css = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8').replace(/\/\*[^]*?\*\//g, '')
  expect(css.match(/[^{};]*\b(?:left|right)\b[^{};]*/g)).toBeNull()
})
