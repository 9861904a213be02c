// Every benchmark, by the word that names it on the command line.
import type { Bench } from './bench.ts'
import { binding } from './binding.ts'
import { click } from './click.ts'
import { connection } from './connection.ts'
import { returnPage } from './return.ts'

export const BENCHES: readonly Bench[] = [click, binding, connection, returnPage]
