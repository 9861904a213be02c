// What the runs that try mutants hand to the tests' worker.

/** The mutant of the SQL that runs (see sql-plugin.ts), as `file#number`; empty for none. */
export type SqlMutantName = string

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the database that every server has (see shared-postgres.ts). */
    readonly sharedPostgres: string
    readonly sqlMutant: SqlMutantName
    /** Absolute paths. */
    readonly mutatedFiles: readonly string[]
  }
}

declare global {
  /** For the stores, which know nothing of a test runner. */
  var sqlMutant: SqlMutantName | undefined
}
