// The short version of the fault run `io-errors`.
import { ioErrors } from './io-errors.ts'
import { testFault } from './test-fault.ts'

testFault(ioErrors)
