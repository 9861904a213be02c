// The wire as schemas: what is accepted from a browser, and what the OpenAPI document says of the answers.
import { z } from 'zod'
import {
  ERRORS,
  FLOW_ID_PATTERN,
  FLOW_STATUSES,
  LOCALE_PATTERN,
  MAX_LOCALE_LENGTH,
  type ConnectionView,
  type FlowView,
  type LaunchAnswer,
  type RepositoriesView,
  type StartFlowRequest,
  type WireError,
} from './contract.ts'

const errorCode = z.literal(keysOf(ERRORS))
const flowStatus = z.literal(keysOf(FLOW_STATUSES))
const mode = z.enum(['popup', 'redirect'])
const account = z.object({ login: z.string(), type: z.enum(['Organization', 'User']) })
const instant = z.iso.datetime()

/** Strict: an unknown key is a mistake of the caller, better heard of than ignored. */
export const startFlowSchema = z.strictObject({
  flowId: z.string().regex(FLOW_ID_PATTERN),
  mode,
  returnTo: z.string().max(2048).exactOptional(),
  locale: z.string().max(MAX_LOCALE_LENGTH).regex(LOCALE_PATTERN).exactOptional(),
  theme: z.enum(['light', 'dark']).exactOptional(),
}) satisfies z.ZodType<StartFlowRequest>

export const flowViewSchema = z.object({
  flowId: z.string(),
  status: flowStatus,
  version: z.int().positive(),
  mode,
  reference: z.string(),
  error: errorCode.nullable(),
  account: account.nullable(),
  startedAt: instant,
  expiresAt: instant,
}) satisfies z.ZodType<FlowView>

export const connectionViewSchema = z.object({
  status: z.enum(['not_connected', 'connected', 'reconnect']),
  account: account.nullable(),
  reason: z.enum(['uninstalled', 'suspended', 'detached', 'unusable']).nullable(),
  connectedAt: instant.nullable(),
  checkedAt: instant.nullable(),
  refreshing: z.boolean(),
  manageUrl: z.url().nullable(),
  avatarUrl: z.url().nullable(),
  canConnect: z.boolean(),
  flow: flowViewSchema.nullable(),
}) satisfies z.ZodType<ConnectionView>

export const repositoriesViewSchema = z.object({
  items: z.array(
    z.object({
      fullName: z.string(),
      isPrivate: z.boolean(),
      defaultBranch: z.string().nullable(),
      language: z.string().nullable(),
      url: z.url(),
    }),
  ),
  nextCursor: z.string().nullable(),
}) satisfies z.ZodType<RepositoriesView>

export const launchAnswerSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('pending') }),
  z.object({ status: z.literal('ready'), url: z.url() }),
  z.object({ status: z.literal('ended'), flow: flowViewSchema }),
]) satisfies z.ZodType<LaunchAnswer>

export const wireErrorSchema = z.object({
  error: z.object({ code: errorCode, message: z.string(), requestId: z.string() }),
}) satisfies z.ZodType<WireError>

function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(table).filter((key): key is Key => Object.hasOwn(table, key))
}
