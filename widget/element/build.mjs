// Builds <connect-github> with all it needs inside: a module, a classic script, its styles, its types, a manifest for editors,
// and a script per language. The sources say React; what is built in is Preact, which weighs a sixth of it.
// ELEMENT_RUNTIME=react builds React in, to compare. Runs after tsc and finish-build.mjs, on what they wrote into the
// directory given; default widget/dist.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { minifyStyles } from '../minify-styles.mjs'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const directory = resolve(process.argv[2] ?? at('../dist'))
const elementDirectory = join(directory, 'element')

await buildCode()
writeStyles()
writeTypes()
writeManifest()
await writeLanguages()

function write(name, text) {
  const file = join(elementDirectory, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

async function buildCode() {
  const preact = [
    { find: /^react-dom\/client$/, replacement: at('preact-root.ts') },
    { find: /^react\/jsx-runtime$/, replacement: 'preact/jsx-runtime' },
    { find: /^react(-dom)?$/, replacement: 'preact/compat' },
  ]
  const kinds = [
    { entry: at('index.ts'), formats: ['es'], fileName: () => 'index.js' },
    // A name has to be given, although there are no exports that would be left under it.
    { entry: at('script.ts'), formats: ['iife'], fileName: () => 'connect-github.js', name: 'unused' },
  ]
  for (const lib of kinds)
    await build({
      configFile: false,
      root: at('..'),
      logLevel: 'warn',
      resolve: { alias: process.env.ELEMENT_RUNTIME === 'react' ? [] : preact },
      define: { 'process.env.NODE_ENV': '"production"' },
      build: {
        outDir: elementDirectory,
        emptyOutDir: false,
        target: 'es2022',
        reportCompressedSize: false,
        lib,
        rolldownOptions: {
          output: { minify: { compress: true, mangle: true, codegen: true }, comments: false },
          // What is said to React Server Components in the modules inside is of no use here.
          onLog: (level, log, handle) => {
            if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log)
          },
        },
      },
    })
}

/** One file for the page: the card's rules, then those of the element around it. */
function writeStyles() {
  const card = readFileSync(join(directory, 'styles.css'), 'utf8')
  write('connect-github.css', card + minifyStyles(at('element.css')))
}

/**
 * The types, where they do not lead to React and TanStack Query, which pages with the element need not have: a copy of what
 * tsc wrote, with the few types of these libraries, none of which the element takes, told as what they are for it.
 */
function writeTypes() {
  const start = join(directory, 'widget/element/index.d.ts')
  if (!existsSync(start)) return
  const seen = new Set([start])
  for (const file of seen) {
    const text = readFileSync(file, 'utf8')
    for (const [, path] of text.matchAll(/["'](\.[^"']+)\.tsx?["']/g))
      seen.add(resolve(dirname(file), `${path}.d.ts`))
    const alone = text.replace(/import type \{ (\w+) \} from '[^.'][^']*';/g, 'type $1 = never;')
    write(join('types', relative(directory, file)), alone)
  }
}

/** https://github.com/webcomponents/custom-elements-manifest */
function writeManifest() {
  write('custom-elements.json', JSON.stringify(JSON.parse(readFileSync(at('custom-elements.json'), 'utf8'))))
}

/** `languages/de.js` puts the texts where language.ts finds them. */
async function writeLanguages() {
  const sources = at('../languages')
  for (const name of existsSync(sources) ? readdirSync(sources) : []) {
    const [language] = Object.values(await import(join(sources, name)))
    const place = `((window.ConnectGitHub??={}).languages??={})["${language.tag}"]`
    write(join('languages', name.replace('.ts', '.js')), `${place}=${JSON.stringify(language)}\n`)
  }
}
