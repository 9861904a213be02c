// Counts what the log is told, whatever its level lets through: requests, security events, problems, and the circuit breaker's state.
import { ERRORS } from '../contract.ts'
import type { Log, LogFields } from '../log.ts'
import { METHODS, SECURITY_REASONS } from './metric-table.ts'
import type { Metrics } from './metrics.ts'

/** The same log, counted. */
export function watchLog<Watched extends Log>(log: Watched, metrics: Metrics): Watched {
  metrics.setCircuitOpen(false)
  return {
    ...log,
    info(event, fields) {
      if (event === 'request') countRequest(metrics, fields)
      if (event === 'upstream_circuit_closed') metrics.setCircuitOpen(false)
      log.info(event, fields)
    },
    warn(event, fields) {
      if (event === 'upstream_circuit_opened') metrics.setCircuitOpen(true)
      metrics.countProblem(event, 'warn')
      log.warn(event, fields)
    },
    error(event, fields) {
      metrics.countProblem(event, 'error')
      log.error(event, fields)
    },
    security(event, fields) {
      metrics.countSecurityEvent(event, reasonOf(fields))
      log.security(event, fields)
    },
  }
}

function countRequest(
  metrics: Metrics,
  { route = 'none', method = 'other', httpStatus = 0, durationMs = 0 }: LogFields = {},
): void {
  metrics.countRequest({
    route,
    // Anybody can send any method.
    method: isOneOf(METHODS, method) ? method : 'other',
    statusClass: `${Math.floor(httpStatus / 100)}xx`,
    seconds: durationMs / 1000,
  })
}

/** The code when it is one of ours, else the reason when it is one that the table lists: what else may stand there is endless. */
function reasonOf({ code, reason }: LogFields = {}): string {
  if (code !== undefined && Object.hasOwn(ERRORS, code)) return code
  const word = reason?.replaceAll(' ', '_') ?? ''
  return isOneOf(SECURITY_REASONS, word) ? word : 'none'
}

function isOneOf(values: readonly string[], value: string): boolean {
  return values.includes(value)
}
