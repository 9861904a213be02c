// The short version of the rolling restarts, and what it notices.
import { rollingRestarts } from './rolling-restarts.ts'
import { testFault } from './test-fault.ts'

testFault(rollingRestarts)
