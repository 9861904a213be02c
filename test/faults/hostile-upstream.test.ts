// The short version of the run against a hostile Layers, and its controls.
import { hostileUpstream } from './hostile-upstream.ts'
import { testFault } from './test-fault.ts'

testFault(hostileUpstream)
