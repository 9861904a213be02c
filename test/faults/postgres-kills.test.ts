// Several processes on one PostgreSQL database, killed again and again: the short version.
import { postgresKills } from './postgres-kills.ts'
import { testFault } from './test-fault.ts'

testFault(postgresKills)
