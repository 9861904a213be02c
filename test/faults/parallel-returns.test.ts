// The short version of the parallel returns, and what it notices.
import { parallelReturns } from './parallel-returns.ts'
import { testFault } from './test-fault.ts'

testFault(parallelReturns)
