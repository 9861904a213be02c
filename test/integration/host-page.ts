// Puts the integration's front on a page, as a partner's bundler and web server would.
import { join } from 'node:path'
import { build } from 'esbuild'

const MOUNT = `
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { Integrations } from './front.tsx'
createRoot(document.body).render(createElement(Integrations))
`

/** A whole document with script and styles in it. @param directory holds front.tsx, beside the node_modules it imports from. */
export async function bundleHostPage(directory: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: MOUNT, resolveDir: directory, sourcefile: 'mount.js' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    outdir: join(directory, 'web'),
    write: false,
  })
  const textOf = (extension: string): string =>
    outputFiles.find(({ path }) => path.endsWith(extension))?.text ?? ''
  return `<!doctype html><html lang="en"><title>Integrations</title><style>${textOf('.css')}</style>
<body><script type="module">${textOf('.js').replaceAll('</script', '<\\/script')}</script>`
}
