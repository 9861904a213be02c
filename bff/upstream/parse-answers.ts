// Layers' answers, from unknown to types. Unknown fields are ignored, because Layers may add some; missing ones are refused.
import { z } from 'zod'

const account = z.object({ login: z.string().min(1).max(200), type: z.enum(['Organization', 'User']) })

/** Two shapes of timestamp occur: milliseconds with `Z`, microseconds with an offset. */
const timestamp = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

export const installUrlAnswer = z.object({
  authUrl: z.string().min(1).max(4096),
  state: z.string().min(1).max(512),
  expiresAt: timestamp,
})
export type InstallUrlAnswer = z.infer<typeof installUrlAnswer>

export const bindingAnswer = z.object({
  installationId: z.int().positive(),
  githubAccount: account,
  /** `active` while Layers can use the installation; other values mean that it cannot, and new ones may appear. */
  status: z.string().min(1).max(64),
  registeredAt: timestamp,
})
export type BindingAnswer = z.infer<typeof bindingAnswer>

/** Owner and name as GitHub allows them; a name is not `.` or `..`, so the two make a path that leads nowhere else. */
const FULL_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/
const optionalText = z.string().max(255).nullish()

export const repositoriesAnswer = z.object({
  items: z
    .array(
      z.object({
        fullName: z.string().regex(FULL_NAME),
        owner: optionalText,
        private: z.boolean(),
        defaultBranch: optionalText,
        /** The older name of `primaryLanguage`. */
        language: optionalText,
        primaryLanguage: optionalText,
      }),
    )
    .max(200),
  nextCursor: z
    .string()
    .min(1)
    .max(2000)
    .nullish()
    .transform((cursor) => cursor ?? null),
})
export type RepositoriesAnswer = z.infer<typeof repositoriesAnswer>

export const errorAnswer = z.object({
  error: z.object({
    code: z.string().regex(/^[A-Z0-9_]{1,64}$/),
    requestId: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,100}$/)
      .optional(),
  }),
})

/** What V8 takes for a date is far more than that: `Date.parse('soon 2099')` is one. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/** Seconds or an HTTP date (RFC 9110 §10.2.3), clamped to 1 s … 15 min; anything else counts as absent. */
export function parseRetryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  const isSeconds = /^[0-9]{1,64}$/.test(value)
  if (!isSeconds && !HTTP_DATE.test(value)) return undefined
  const waitMs = isSeconds ? Number(value) * 1000 : Date.parse(value) - now
  if (!Number.isFinite(waitMs) || waitMs < 0) return undefined
  return Math.min(Math.max(waitMs, 1000), 15 * 60_000)
}
