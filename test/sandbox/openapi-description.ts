// Checks answers and webhook bodies against GitHub's published description, from the package @octokit/openapi.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormatsModule from 'ajv-formats'

/** What of the description is read here; the rest of its 12 MB is only handed on. */
interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly 'x-webhooks': Readonly<Record<string, { readonly post: { readonly requestBody: Content } }>>
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>
    readonly responses: Readonly<Record<string, Content>>
  }
}
interface Operation {
  readonly responses: Readonly<Record<string, Content & { readonly $ref?: string }>>
}
interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>
}

const require = createRequire(import.meta.url)
const file = require.resolve('@octokit/openapi/generated/api.github.com.json')
// The package ships no types for its data; a wrong guess fails loudly in the first test that looks something up.
const description: Description = JSON.parse(readFileSync(file, 'utf8'))

/**
 * Answers that GitHub documents for every call and not for each:
 * https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api (401, 403, 404) and
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api (403, 429).
 */
const GENERAL_STATUSES = [401, 403, 404, 429]
const BASIC_ERROR = { $ref: '#/components/schemas/basic-error' }

// Both packages are CommonJS with a default export, which NodeNext shows as a namespace.
const addFormats = addFormatsModule.default
const ajv = new Ajv({ strict: false, allErrors: true, discriminator: false })
addFormats(ajv)
// ajv has no format of these names, and the description gives them no meaning beyond "a string" or "a number".
for (const format of ['repo.nwo', 'ssh-key']) ajv.addFormat(format, true)
ajv.addSchema({ $id: 'github', components: { schemas: toJsonSchema(description.components.schemas) } })
const compiled = new Map<string, ValidateFunction>()

/** `path` as sent, below the API's prefix and without a query. @throws Error when the answer is not as described */
export function checkAnswer(method: string, path: string, status: number, body: unknown): void {
  const template = findTemplate(path)
  const operation = template === undefined ? undefined : description.paths[template]?.[method.toLowerCase()]
  if (template === undefined || !operation) throw new Error(`${method} ${path} is not described`)
  const response = resolve(operation.responses[String(status)])
  if (response) {
    check(`${method} ${template} ${status}`, getSchema(response), body)
  } else if (GENERAL_STATUSES.includes(status)) {
    check('basic-error', BASIC_ERROR, body)
  } else {
    throw new Error(`${method} ${template} is not described to answer ${status}`)
  }
}

/** `name` e.g. `installation-created` or `ping`. @throws Error when the body is not as described */
export function checkWebhook(name: string, body: unknown): void {
  const webhook = description['x-webhooks'][name]
  if (!webhook) throw new Error(`the webhook ${name} is not described`)
  check(`webhook ${name}`, getSchema(webhook.post.requestBody), body)
}

function check(name: string, schema: object | null, body: unknown): void {
  if (schema === null) {
    if (body !== undefined && body !== '') throw new Error(`${name} is described without a body`)
    return
  }
  const validate = compiled.get(name) ?? ajv.compile(toJsonSchema(schema))
  compiled.set(name, validate)
  if (!validate(body)) throw new Error(`${name}: ${ajv.errorsText(validate.errors)}`)
}

/** The template with the fewest placeholders that fits: `/user/installations` and not `/{owner}/{repo}`. */
function findTemplate(path: string): string | undefined {
  const segments = path.split('/')
  const fits = (template: string) => {
    const wanted = template.split('/')
    return (
      wanted.length === segments.length &&
      wanted.every((text, index) => text === segments[index] || /^\{[^}]+\}$/.test(text))
    )
  }
  const count = (template: string) => template.split('{').length
  return Object.keys(description.paths)
    .filter(fits)
    .toSorted((one, other) => count(one) - count(other))[0]
}

function resolve(response: (Content & { readonly $ref?: string }) | undefined): Content | undefined {
  const name = response?.$ref?.replace('#/components/responses/', '')
  return name === undefined ? response : description.components.responses[name]
}

function getSchema({ content }: Content): object | null {
  return content?.['application/json']?.schema ?? null
}

/** OpenAPI 3.0 writes `nullable: true` where JSON Schema writes a second type; references point into one shared schema. */
function toJsonSchema<Value>(value: Value): Value
function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => toJsonSchema(one))
  if (typeof value !== 'object' || value === null) return value
  // Examples may look like schemas and are none.
  const entries = Object.entries(value).filter(([name]) => name !== 'example' && name !== 'examples')
  const schema = Object.fromEntries(
    entries
      .filter(([name, one]) => name !== 'nullable' || typeof one !== 'boolean')
      .map(([name, one]) => [
        name,
        name === '$ref' && typeof one === 'string' ? one.replace(/^#/, 'github#') : toJsonSchema(one),
      ]),
  )
  return 'nullable' in value && value.nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema
}
