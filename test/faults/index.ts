// Every fault run, by the word that names it on the command line.
import type { Fault } from './fault.ts'
import { fuzz } from './fuzz.ts'
import { hostileUpstream } from './hostile-upstream.ts'
import { ioErrors } from './io-errors.ts'
import { kills } from './kills.ts'
import { load } from './load.ts'
import { postgresKills } from './postgres-kills.ts'
import { powerCut } from './power-cut.ts'
import { sharedFile } from './shared-file.ts'
import { slowRequests } from './slow-requests.ts'
import { soak } from './soak.ts'

export const FAULTS: readonly Fault[] = [
  fuzz,
  hostileUpstream,
  ioErrors,
  kills,
  load,
  postgresKills,
  powerCut,
  sharedFile,
  slowRequests,
  soak,
]
