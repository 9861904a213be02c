// Every fault run, by the word that names it on the command line.
import type { Fault } from './fault.ts'
import { powerCut } from './power-cut.ts'

export const FAULTS: readonly Fault[] = [powerCut]
