// Reads the URL of a PostgreSQL database, without its driver.

/** Where the database is, for operators: host, port and name, and nothing secret. */
export function describePostgres(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url)
  const host = hostname || searchParams.get('host') || 'localhost'
  return `${host}:${port || '5432'}${pathname === '' ? '/' : pathname}`
}
