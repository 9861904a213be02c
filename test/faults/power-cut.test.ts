// The short version of the fault run `power-cut`.
import { powerCut } from './power-cut.ts'
import { testFault } from './test-fault.ts'

testFault(powerCut)
