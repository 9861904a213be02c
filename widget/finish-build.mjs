// Finishes what `vite build` wrote: minifies the module, which Vite leaves readable in libraries, and adds the styles,
// which the code does not import so that a host decides how they are loaded.
import { readFileSync, writeFileSync } from 'node:fs'
import { minifySync } from 'vite'

const at = (path) => new URL(path, import.meta.url)

const { code, errors } = minifySync('index.js', readFileSync(at('dist/index.js'), 'utf8'), { module: true })
if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'))
writeFileSync(at('dist/index.js'), code)

// A space before a colon is a descendant combinator, so only those after one go.
const styles = readFileSync(at('styles.css'), 'utf8')
  .replace(/\/\*[^]*?\*\//g, '')
  .replace(/\s+/g, ' ')
  .replace(/ ?([{};,>]) ?/g, '$1')
  .replace(/: /g, ':')
writeFileSync(at('dist/styles.css'), styles.trim())
