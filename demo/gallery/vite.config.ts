// Serves the gallery while it is worked on (`vite`), builds it, and serves the build under a strict policy (`vite preview`).
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** What a strict host page sends; the framed card is this page by another name. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  'frame-src http://localhost:* http://127.0.0.1:* http://framed.gallery.test',
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  server: { host: '127.0.0.1', port: 4100 },
  preview: {
    host: 'localhost',
    port: 4101,
    strictPort: true,
    headers: { 'Content-Security-Policy': POLICY },
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Read by nobody but the tests, which want to see React's warnings: they exist in its development form only.
    minify: false,
  },
})
