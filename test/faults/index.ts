// Every fault run, by the word that names it on the command line.
import type { Fault } from './fault.ts'
import { clocks } from './clocks.ts'
import { fuzz } from './fuzz.ts'
import { hostileUpstream } from './hostile-upstream.ts'
import { ioErrors } from './io-errors.ts'
import { kills } from './kills.ts'
import { load } from './load.ts'
import { parallelReturns } from './parallel-returns.ts'
import { postgresKills } from './postgres-kills.ts'
import { powerCut } from './power-cut.ts'
import { rollingRestarts } from './rolling-restarts.ts'
import { sharedFile } from './shared-file.ts'
import { slowRequests } from './slow-requests.ts'
import { soak } from './soak.ts'

export const FAULTS: readonly Fault[] = [
  clocks,
  fuzz,
  hostileUpstream,
  ioErrors,
  kills,
  load,
  parallelReturns,
  postgresKills,
  powerCut,
  rollingRestarts,
  sharedFile,
  slowRequests,
  soak,
]
