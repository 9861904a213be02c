// JSON lines for operators: an event name and fields from a fixed list, scrubbed once more before they leave.
import { pino } from 'pino'
import type { FlowStatus } from './contract.ts'
import type { ErrorEvent, InfoEvent, SecurityEvent, WarnEvent } from './events.ts'
import { createScrubber } from './scrub.ts'
import { Secret } from './secret.ts'

/** Everything a log line may say. Ids appear as pseudonyms only; there is no place for a URL, a header or a state. */
export interface LogFields {
  readonly requestId?: string
  readonly upstreamRequestId?: string | undefined
  /** Keyed pseudonyms, equal for equal ids. */
  readonly flow?: string
  readonly tenant?: string
  readonly method?: string
  /** The route's pattern, never the path that was asked for. */
  readonly route?: string
  readonly httpStatus?: number
  readonly durationMs?: number
  readonly flowStatus?: FlowStatus
  /** Ours, lower case, or Layers', upper case. */
  readonly code?: string
  readonly reason?: string
  readonly attempt?: number
  readonly delayMs?: number
  readonly count?: number
  /** What happened and how to cure it, in our own words. */
  readonly detail?: string | undefined
  readonly error?: unknown
}

/** Each event has its level in the table of events.ts; another one does not compile. */
export interface Log {
  info(event: InfoEvent, fields?: LogFields): void
  warn(event: WarnEvent, fields?: LogFields): void
  error(event: ErrorEvent, fields?: LogFields): void
  /** A security event: always `warn`, with `security: true`, so that one query finds them all. */
  security(event: SecurityEvent, fields?: LogFields): void
}

/** A log that can learn of further secrets; those it knew before stay hidden. */
export interface HidingLog extends Log {
  hide(secrets: readonly Secret[]): void
}

export interface LogStream {
  write(line: string): void
}

/** @param secrets values that are replaced wherever they would appear, as the last layer of defence. */
export function createLog(options: {
  readonly level: string
  readonly stream: LogStream
  readonly secrets: readonly Secret[]
}): HidingLog {
  const known = new Set(options.secrets.map(reveal))
  let scrub = createScrubber(options.secrets)
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    { write: (line: string) => writeTo(options.stream, scrub(line)) },
  )
  return {
    hide(secrets) {
      for (const secret of secrets) known.add(reveal(secret))
      scrub = createScrubber([...known].map((value) => new Secret(value)))
    },
    info: (event, fields = {}) => logger.info({ event, ...fieldsOf(fields) }),
    warn: (event, fields = {}) => logger.warn({ event, ...fieldsOf(fields) }),
    error: (event, fields = {}) => logger.error({ event, ...fieldsOf(fields) }),
    security: (event, fields = {}) => logger.warn({ event, security: true, ...fieldsOf(fields) }),
  }
}

function reveal(secret: Secret): string {
  return secret.reveal((value) => value)
}

/** A host's stream that throws must not stop what is being logged about. */
function writeTo(stream: LogStream, line: string): void {
  try {
    stream.write(line)
  } catch {
    // There is nowhere left to say so.
  }
}

function fieldsOf({ error, ...fields }: LogFields): Record<string, unknown> {
  return { ...fields, ...(error === undefined ? {} : { error: describeError(error) }) }
}

/** Names and codes are identifiers. Anything else is left out, not cut: a part of a key is hard to recognize. */
function readIdentifier(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z0-9_.$-]{1,64}$/.test(value) ? value : undefined
}

/** Name, code and stack frames of an error and its causes: messages of foreign errors may quote what they choked on. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { name: typeof error }
  const code = 'code' in error ? readIdentifier(error.code) : undefined
  const frames = framesTextOf(error)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim())
  return {
    name: readIdentifier(error.name),
    code,
    frames,
    cause: error.cause === undefined || depth > 3 ? undefined : describeError(error.cause, depth + 1),
  }
}

/** What stands behind the message, of which a line may look like a frame. */
function framesTextOf({ stack = '', message }: Error): string {
  const start = stack.indexOf(message)
  return start < 0 ? stack : stack.slice(start + message.length)
}
