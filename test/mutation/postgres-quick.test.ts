// The storage contract on PostgreSQL, without what takes long; for trying mutants alone.
import { describePostgresStorage } from '../storage/describe-postgres.ts'

describePostgresStorage({ everyOrder: false })
