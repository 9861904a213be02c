// Slow requests in small: fifty connections for some seconds, against a copy with shorter times.
import { slowRequests } from './slow-requests.ts'
import { testFault } from './test-fault.ts'

testFault(slowRequests)
