// The short version of the fault run `shared-file`.
import { sharedFile } from './shared-file.ts'
import { testFault } from './test-fault.ts'

testFault(sharedFile)
