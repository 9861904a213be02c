// Writes the styles beside what `vite build` wrote, without comments and spaces. The code does not import them, so that
// a host decides how they are loaded. Takes the directory of the build; default widget/dist.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const at = (path) => new URL(path, import.meta.url)
const directory = process.argv[2] ?? fileURLToPath(at('dist'))

for (const name of ['styles.css', 'repositories.css']) {
  // A space before a colon is a descendant combinator, so only those after one go.
  const styles = readFileSync(at(name), 'utf8')
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,>]) ?/g, '$1')
    .replace(/: /g, ':')
    .replace(/;}/g, '}')
    .replace(/='(\w+)'/g, '=$1')
    .replace(/\b0\./g, '.')
  writeFileSync(join(directory, name), styles.trim())
}
// TypeScript 6 and newer want a type also for an import that brings nothing.
writeFileSync(join(directory, 'styles.d.ts'), 'export {}\n')
