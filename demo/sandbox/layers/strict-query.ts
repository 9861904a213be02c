// Query strings: only known parameters, each at most once.

import { createValidationError, type Issue } from './errors.ts'

/**
 * Returns a reader of the known parameters: their value, or null when absent.
 *
 * Unverified: the pages call only bodies strict. The sandbox is strict with queries too, because a misspelt or doubled
 * parameter is a mistake that the live service would hide.
 * @throws LayersError VALIDATION naming every unknown or repeated parameter
 */
export function parseStrictQuery<Name extends string>(
  query: URLSearchParams,
  known: readonly Name[],
): (name: Name) => string | null {
  const issues: Issue[] = []
  for (const name of new Set(query.keys())) {
    if (!known.some((candidate) => candidate === name)) {
      issues.push({ path: [name], code: 'unrecognized_key', message: `Unknown query parameter "${name}".` })
    } else if (query.getAll(name).length > 1) {
      issues.push({ path: [name], code: 'repeated_key', message: `"${name}" was given more than once.` })
    }
  }
  if (issues.length > 0) throw createValidationError('The query is not valid.', issues)
  return (name) => query.get(name)
}
