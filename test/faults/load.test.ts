// A steady load of returns and polls: the short version, which measures no times.
import { load } from './load.ts'
import { testFault } from './test-fault.ts'

testFault(load)
