// The short version of the kills, and what it notices.
import { kills } from './kills.ts'
import { testFault } from './test-fault.ts'

testFault(kills)
