// The way to Layers: its client with the partner keys, behind a circuit breaker that tells the log when it opens and closes.
import type { Config } from '../config.ts'
import type { FlowSecrets } from '../flow-secrets.ts'
import type { Log } from '../log.ts'
import {
  createCircuitBreaker,
  DEFAULT_CIRCUIT_BREAKER,
  type CircuitBreaker,
  type CircuitBreakerSettings,
} from './circuit-breaker.ts'
import { CALL_TIMEOUT_MS, createLayersClient, type LayersClient } from './layers-client.ts'
import { createPartnerKeys, type PartnerKeys } from './partner-keys.ts'
import { UpstreamError } from './upstream-error.ts'

interface Layers {
  readonly layers: LayersClient
  readonly breaker: CircuitBreaker
  readonly keys: PartnerKeys
  readonly callTimeoutMs: number
}

/** @param deps.elapsed a clock in milliseconds that never goes back, with any beginning. */
export function openLayers(
  options: {
    readonly circuitBreaker?: Partial<CircuitBreakerSettings>
    readonly upstreamTimeoutMs?: number
  },
  deps: {
    readonly config: Config
    readonly secrets: FlowSecrets
    readonly log: Log
    readonly elapsed: () => number
  },
): Layers {
  const { config, secrets, log } = deps
  const callTimeoutMs = options.upstreamTimeoutMs ?? CALL_TIMEOUT_MS
  const keys = createPartnerKeys(
    { current: config.layersApiKey, previous: config.layersApiKeyPrevious },
    (key) => secrets.fingerprintOf(key),
  )
  const breaker = createCircuitBreaker({
    ...DEFAULT_CIRCUIT_BREAKER,
    ...options.circuitBreaker,
    now: deps.elapsed,
    isOutage: (error) => error instanceof UpstreamError && error.isOutage,
    onOpened: () => log.warn('upstream_circuit_opened'),
    onClosed: (openForMs) => log.info('upstream_circuit_closed', { durationMs: Math.round(openForMs) }),
  })
  const layers = createLayersClient({
    baseUrl: config.layersApiUrl,
    keys,
    breaker,
    log,
    timeoutMs: callTimeoutMs,
  })
  return { layers, breaker, keys, callTimeoutMs }
}
