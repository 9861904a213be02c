// Writes the styles beside what `vite build` wrote, without comments and spaces. The code does not import them, so that
// a host decides how they are loaded.
import { readFileSync, writeFileSync } from 'node:fs'

const at = (path) => new URL(path, import.meta.url)

// A space before a colon is a descendant combinator, so only those after one go.
const styles = readFileSync(at('styles.css'), 'utf8')
  .replace(/\/\*[^]*?\*\//g, '')
  .replace(/\s+/g, ' ')
  .replace(/ ?([{};,>]) ?/g, '$1')
  .replace(/: /g, ':')
writeFileSync(at('dist/styles.css'), styles.trim())
