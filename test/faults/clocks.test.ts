// The short version of the clocks, and what it notices.
import { clocks } from './clocks.ts'
import { testFault } from './test-fault.ts'

testFault(clocks)
