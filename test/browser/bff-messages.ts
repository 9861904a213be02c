// What a BFF in a process of its own and the test that started it tell each other, beside requests and log lines.
import { z } from 'zod'
import type { BffOptions } from '../../bff/index.ts'
import type { Identity } from '../../bff/index.ts'

/** What is data of the options; functions stay with the test. */
export type PlainOptions = Omit<BffOptions, 'identify' | 'now' | 'logStream' | 'onFatal' | 'proveOwnership'>

export const toProcessSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('start'),
    /** The BFF's source: the real one, or a broken copy. */
    directory: z.string(),
    options: z.custom<PlainOptions>((value) => typeof value === 'object'),
    /** Whether the test's own `identify` says who is asking. */
    asksTest: z.boolean(),
    offsetMs: z.number(),
  }),
  /** Sets what is added to the clock. */
  z.object({ kind: z.literal('clock'), offsetMs: z.number() }),
  z.object({
    kind: z.literal('identity'),
    question: z.number(),
    identity: z.custom<Identity | null>((value) => typeof value === 'object'),
  }),
  z.object({ kind: z.literal('stop') }),
])
export type ToProcess = z.infer<typeof toProcessSchema>

export const fromProcessSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('loaded') }),
  z.object({ kind: z.literal('listening'), port: z.number() }),
  z.object({ kind: z.literal('clock_set') }),
  z.object({ kind: z.literal('who'), question: z.number(), headers: z.record(z.string(), z.string()) }),
  /** A request was taken. */
  z.object({ kind: z.literal('request'), path: z.string() }),
])
export type FromProcess = z.infer<typeof fromProcessSchema>
