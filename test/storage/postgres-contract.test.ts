// Runs the storage contract on a real PostgreSQL server.
import { describePostgresStorage } from './describe-postgres.ts'

describePostgresStorage()
