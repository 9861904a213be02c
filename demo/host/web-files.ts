// The built web app, read once: a request can only name a file that the build made.
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

export interface WebFile {
  readonly body: Buffer
  readonly contentType: string
}

export interface WebFiles {
  /** The one HTML page; the app shows the view its path asks for. */
  readonly page: WebFile
  /** A script, style sheet or image by its URL path, e.g. `/assets/index-Bx2f.js`. */
  findAsset(path: string): WebFile | undefined
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** @throws Error when the directory holds no built page, with the command that builds it. */
export async function readWebFiles(directory: string): Promise<WebFiles> {
  const files = new Map<string, WebFile>()
  for (const path of await listFiles(directory)) {
    const contentType = CONTENT_TYPES[extname(path)]
    if (contentType === undefined) continue
    const urlPath = `/${relative(directory, path).split(sep).join('/')}`
    files.set(urlPath, { body: await readFile(path), contentType })
  }
  const page = files.get('/index.html')
  if (page === undefined) throw new Error(`${directory} holds no built page. Run: npx vite build --mode demo`)
  return { page, findAsset: (path) => (path.startsWith('/assets/') ? files.get(path) : undefined) }
}

async function listFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
      throw error
    },
  )
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
