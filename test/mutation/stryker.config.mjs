// How Stryker tries one group's mutants: https://stryker-mutator.io/docs/stryker-js/configuration/. Started by run.ts.
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export default {
  mutate: (process.env['MUTATION_FILES'] ?? '').split(','),
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  plugins: ['@stryker-mutator/vitest-runner'],
  coverageAnalysis: 'perTest',
  ignoreStatic: process.env['MUTATION_LEAVES_CONSTANTS'] === 'true',
  // A copy of what the tests need; the sources themselves are never touched.
  tempDirName: join(tmpdir(), 'connect-github-mutation'),
  ignorePatterns: ['/widget', '/demo/web', '/test-results', '/test/artefacts', '/test/browser', '**/dist'],
  disableTypeChecks: false,
  // None: Stryker would read it with an API that TypeScript 7 does not have, to mend references which there are none of.
  tsconfigFile: 'none',
  concurrency: Number(process.env['MUTATION_CONCURRENCY'] ?? 1),
  timeoutMS: 15_000,
  // A machine that does other things as well may take its time over the first run, in which nothing is broken yet.
  dryRunTimeoutMinutes: 60,
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: process.env['MUTATION_REPORT'] ?? 'mutation.json' },
  thresholds: { high: 100, low: 90, break: null },
  // That a constant takes a reload, which is slow, is known; constants are what holds most of the rules.
  warnings: { slow: false },
}
