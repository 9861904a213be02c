// The OpenAPI document describes the routes a page may call, and what they really answer.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ROUTES } from '../../bff/routes/index.ts'
import {
  connectionViewSchema,
  flowViewSchema,
  launchAnswerSchema,
  wireErrorSchema,
} from '../../bff/wire-schemas.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { createFlowId } from '../stack/test-browser.ts'

const operation = z.object({
  summary: z.string().min(1),
  parameters: z
    .array(z.object({ name: z.string(), in: z.enum(['path', 'query', 'header']), schema: z.looseObject({}) }))
    .optional(),
  requestBody: z.looseObject({ content: z.object({ 'application/json': z.looseObject({}) }) }).optional(),
  responses: z.record(
    z.string().regex(/^([1-5]\d\d|default)$/),
    z.object({ description: z.string().min(1), content: z.looseObject({}) }),
  ),
})
const documentSchema = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.object({ title: z.string(), version: z.string() }),
  servers: z.array(z.object({ url: z.url() })).length(1),
  paths: z.record(z.string().startsWith('/'), z.partialRecord(z.enum(['get', 'post', 'delete']), operation)),
})

let stack: Stack
let document: z.infer<typeof documentSchema>
beforeAll(async () => {
  stack = await startStack()
  document = documentSchema.parse(JSON.parse((await stack.browser(null).send('/openapi.json')).text))
})
afterAll(() => stack.close())

describe('the document', () => {
  it('lists exactly the routes for a person', () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const real = ROUTES.filter(({ access }) => access === 'person').map(
      ({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
    )
    expect(described.toSorted()).toEqual(real.toSorted())
  })

  it('names the configured URL, every path parameter, and the header of every change', () => {
    expect(document.servers).toEqual([{ url: `${stack.publicOrigin}/connect/github` }])
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, described] of Object.entries(methods)) {
        const names = (described?.parameters ?? []).map(({ name }) => name)
        expect(names.includes('flowId')).toBe(path.includes('{flowId}'))
        expect(names.includes('X-Connect-GitHub')).toBe(method !== 'get')
        expect(described?.requestBody !== undefined).toBe(method === 'post')
        expect(Object.keys(described?.responses ?? {})).toContain('default')
      }
    }
  })

  it('holds no reference that leads nowhere', () => {
    expect(JSON.stringify(document)).not.toContain('$ref')
  })
})

describe('what is answered', () => {
  it('is of the described shape, and has no field beside it', async () => {
    const ann = stack.browser('ann')
    const strict = (schema: z.ZodType, value: unknown): void => {
      // Parsing drops what the schema does not know.
      expect(schema.parse(value)).toEqual(value)
    }
    const { flow } = await ann.connect()
    strict(flowViewSchema, await ann.waitForEnd(flow.flowId))
    strict(connectionViewSchema, await ann.getConnection())
    const next = await ann.startFlow()
    strict(flowViewSchema, next)
    strict(launchAnswerSchema, await ann.launch(next.flowId))
    strict(flowViewSchema, (await ann.fetchJson('POST', `/flows/${next.flowId}/cancel`)).body)
    strict(launchAnswerSchema, await ann.launch(next.flowId))
    strict(flowViewSchema, (await ann.fetchJson('POST', `/flows/${next.flowId}/finish`)).body)
    strict(connectionViewSchema, (await ann.fetchJson('DELETE', '/connection')).body)
    strict(wireErrorSchema, (await ann.fetchJson('GET', `/flows/${createFlowId()}`)).body)
  })
})
