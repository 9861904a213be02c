// The short version of the fuzz run, and what it notices.
import { fuzz } from './fuzz.ts'
import { testFault } from './test-fault.ts'

testFault(fuzz)
