// The OpenAPI document describes the routes a page may call, and what they really answer.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROUTES } from '../../bff/routes/index.ts'
import {
  connectionViewSchema,
  flowViewSchema,
  launchAnswerSchema,
  wireErrorSchema,
} from '../../bff/wire-schemas.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { createFlowId } from '../stack/test-browser.ts'

interface Operation {
  readonly summary: string
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, object>> }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: object }>>
}

interface OpenApiDocument {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

let stack: Stack
let document: OpenApiDocument
beforeAll(async () => {
  stack = await startStack()
  document = JSON.parse((await stack.browser(null).send('/openapi.json')).text)
})
afterAll(() => stack.close())

describe('the document', () => {
  it('has the structure that OpenAPI 3.1 asks for', () => {
    expect(Object.keys(document)).toEqual(['openapi', 'info', 'servers', 'paths'])
    expect(document.openapi).toMatch(/^3\.1\.\d$/)
    expect(document.info).toEqual({ title: expect.any(String), version: expect.any(String) })
    for (const [path, methods] of Object.entries(document.paths)) {
      expect(path).toMatch(/^\//)
      for (const [method, { summary, parameters = [], requestBody, responses }] of Object.entries(methods)) {
        expect(['get', 'post', 'delete']).toContain(method)
        expect(summary).toMatch(/./)
        for (const parameter of parameters) {
          expect(['path', 'query', 'header']).toContain(parameter.in)
          expect(parameter.schema).toBeTypeOf('object')
        }
        if (requestBody !== undefined) expect(Object.keys(requestBody.content)).toEqual(['application/json'])
        for (const [status, { description, content }] of Object.entries(responses)) {
          expect(status).toMatch(/^([1-5]\d\d|default)$/)
          expect(description).toMatch(/./)
          const isPicture = path === '/avatar' && status === '200'
          expect(Object.keys(content)).toEqual([isPicture ? 'image/*' : 'application/json'])
        }
      }
    }
  })

  it('lists exactly the routes for a person', () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const real = ROUTES.filter(({ access }) => access === 'person' || access === 'own-page').map(
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
    const strict = (schema: { parse(value: unknown): unknown }, value: unknown): void => {
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
