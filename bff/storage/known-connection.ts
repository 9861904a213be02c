// What is stored of a tenant's connection, and how it becomes what the tenant sees. Both stores follow these rules.
import { applyFacts, type InstallationFacts, type LayersWord } from './installation-facts.ts'
import { createRowReader, parseConnectionRow, parseFactsRow } from './rows.ts'
import type { Connection, Storage } from './storage.ts'

type Check = Parameters<Storage['recordCheck']>[1]

/** A row of `connections`, and what webhooks told of its installation. */
export interface KnownConnection {
  /** As Layers said last. */
  readonly stored: Connection
  /** When Layers was asked for that, by the store's clock. */
  readonly askedAt: number
  readonly facts: InstallationFacts | undefined
}

/** @param row of `connections`, joined with `installation_facts`. */
export function parseKnownConnection(row: unknown): KnownConnection | undefined {
  if (row === undefined) return undefined
  const askedAt = createRowReader('connections', row).getInteger('asked_at')
  return { stored: parseConnectionRow(row), askedAt, facts: parseFactsRow(row) }
}

export function toConnection(known: KnownConnection | undefined): Connection | undefined {
  if (known === undefined) return undefined
  const { stored, askedAt, facts } = known
  return { ...stored, ...applyFacts({ reason: stored.reason, account: stored.account, askedAt }, facts) }
}

/**
 * What a check says of the connection that is known; undefined when it is about another installation, or when Layers was asked something
 * later. An `askedAt` in the future is of a clock that has stepped back since, and says nothing.
 */
export function findNews(
  known: KnownConnection | undefined,
  { installationIndex, reason, account, askedAt }: Check,
  at: number,
): LayersWord | undefined {
  if (known === undefined || known.stored.installation.index !== installationIndex) return undefined
  const said = { reason, account: account ?? known.stored.account, askedAt: Math.floor(askedAt ?? at) }
  const isOutdated = said.askedAt < known.askedAt && known.askedAt <= at
  return isOutdated ? undefined : said
}
