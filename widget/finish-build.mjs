// Writes the styles beside what `vite build` wrote, without comments and spaces. The code does not import them, so that
// a host decides how they are loaded. Takes the directory of the build; default widget/dist.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { minifyStyles } from './minify-styles.mjs'

const at = (path) => new URL(path, import.meta.url)
const directory = process.argv[2] ?? fileURLToPath(at('dist'))

for (const name of ['styles.css', 'repositories.css'])
  writeFileSync(join(directory, name), minifyStyles(at(name)))
// TypeScript 6 and newer want a type also for an import that brings nothing.
writeFileSync(join(directory, 'styles.d.ts'), 'export {}\n')
