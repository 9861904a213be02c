// Builds the widget (default) and the demo's host page (`--mode demo`), and runs the tests of every room.
import { readdirSync } from 'node:fs'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/** Each an entry of its own, so that a host loads only those it imports. */
const languages = readdirSync(new URL('widget/languages', import.meta.url)).map((file) => [
  `languages/${file.replace('.ts', '')}`,
  `widget/languages/${file}`,
])

const widgetBuild = {
  outDir: 'widget/dist',
  emptyOutDir: false,
  // A dead-code-free es2022 build is 1.1 kB smaller than one for older targets, and every supported browser reads it.
  target: 'es2022',
  sourcemap: false,
  lib: {
    entry: {
      index: 'widget/index.ts',
      repositories: 'widget/repositories.ts',
      ...Object.fromEntries(languages),
    },
    formats: ['es' as const],
    cssFileName: 'styles',
  },
  rolldownOptions: {
    external: [/^react($|\/)/, /^react-dom($|\/)/, '@tanstack/react-query'],
    // Vite leaves the spaces in libraries, for the annotations of tree shaking; a widget is imported as a whole.
    output: {
      minify: { compress: true, mangle: true, codegen: true },
      comments: false,
      chunkFileNames: 'shared.js',
      // All but the repositories in one file: an import list between two files of the widget would cost it 200 bytes.
      codeSplitting: {
        groups: [{ name: 'shared', test: /\/(widget\/(?!.*(repositories|languages))|bff\/contract)/i }],
      },
    },
  },
}

const demoBuild = {
  outDir: '../dist',
  emptyOutDir: true,
  target: 'es2022',
  // The page runs under a strict content security policy: no inlined assets, no inline module preload.
  assetsInlineLimit: 0,
  modulePreload: { polyfill: false },
}

export default defineConfig(({ mode }) => ({
  plugins: [react()],
  ...(mode === 'demo' ? { root: 'demo/web' } : {}),
  build: mode === 'demo' ? demoBuild : widgetBuild,
  test: {
    include: [
      'test/{repo,leaks,size,integration,storage,sandbox,bff,widget,element,flow,demo,attacks,faults,asks}/**/*.test.{ts,tsx}',
    ],
    environment: 'node',
    // One more than the usual two cores: much of what the tests do is waiting for other processes.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    unstubGlobals: true,
    restoreMocks: true,
  },
}))
