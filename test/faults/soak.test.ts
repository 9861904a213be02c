// Customers with Layers down in the middle: the short version.
import { soak } from './soak.ts'
import { testFault } from './test-fault.ts'

testFault(soak)
