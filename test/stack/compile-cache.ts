// Where Node keeps what it compiled, so that the hundreds of processes of a run start in two thirds of the time.
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory for the variable `NODE_COMPILE_CACHE` (https://nodejs.org/api/module.html#module-compile-cache). A killed process writes nothing into it. */
export const COMPILE_CACHE = join(tmpdir(), 'connect-github-compile-cache')
