// What the compiler says of a directory that has a tsconfig.json of its own.
import { execFileSync } from 'node:child_process'
import { ROOT } from './copied-sources.ts'

/** Empty when everything compiles. */
export function findTypeErrors(directory: string): string {
  try {
    execFileSync('npx', ['tsc', '-p', directory], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return ''
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)
  }
}
