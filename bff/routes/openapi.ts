// GET {base}/openapi.json: the routes a page may call, described from the same schemas the server uses.
import { z } from 'zod'
import {
  DEFAULT_REPOSITORIES,
  FLOW_ID_PATTERN,
  MAX_REPOSITORIES,
  MAX_WAIT_SECONDS,
  REQUEST_HEADER,
} from '../contract.ts'
import {
  connectionViewSchema,
  flowViewSchema,
  launchAnswerSchema,
  repositoriesViewSchema,
  startFlowSchema,
  wireErrorSchema,
} from '../wire-schemas.ts'
import type { Route } from './route.ts'

const jsonSchemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { target: 'draft-2020-12' })
const answer = (description: string, schema: z.ZodType) => ({
  description,
  content: { 'application/json': { schema: jsonSchemaOf(schema) } },
})
const FAILURE = { default: answer('What went wrong; the code says who can mend it.', wireErrorSchema) }
const FLOW_ID = {
  name: 'flowId',
  in: 'path',
  required: true,
  schema: { type: 'string', pattern: FLOW_ID_PATTERN.source },
}
const CHANGE_HEADER = { name: REQUEST_HEADER, in: 'header', required: true, schema: { const: '1' } }
/** Nothing is read from it, but a POST is JSON or refused. */
const EMPTY_BODY = { content: { 'application/json': { schema: { type: 'object' } } } }
const flowAnswer = (description: string) => ({ 200: answer(description, flowViewSchema), ...FAILURE })

const PATHS = {
  '/connection': {
    get: {
      summary: 'What the tenant has',
      responses: { 200: answer('The connection', connectionViewSchema), ...FAILURE },
    },
    delete: {
      summary: 'Forget the connection here; on GitHub the app stays installed',
      parameters: [CHANGE_HEADER],
      responses: { 200: answer('What is left', connectionViewSchema), ...FAILURE },
    },
  },
  '/avatar': {
    get: {
      summary: 'The picture of the connected account; 404 when there is none',
      responses: {
        200: {
          description: 'PNG, JPEG, GIF or WebP, at most 64 KB',
          content: { 'image/*': { schema: { type: 'string', format: 'binary' } } },
        },
        ...FAILURE,
      },
    },
  },
  '/repositories': {
    get: {
      summary: 'What the tenant’s installation can see, a page at a time',
      parameters: [
        {
          name: 'cursor',
          in: 'query',
          description: 'nextCursor of the page before',
          schema: { type: 'string' },
        },
        {
          name: 'search',
          in: 'query',
          description: 'part of the full name',
          schema: { type: 'string', maxLength: 100 },
        },
        {
          name: 'limit',
          in: 'query',
          schema: { type: 'integer', minimum: 1, maximum: MAX_REPOSITORIES, default: DEFAULT_REPOSITORIES },
        },
      ],
      responses: { 200: answer('The page', repositoriesViewSchema), ...FAILURE },
    },
  },
  '/flows': {
    post: {
      summary: 'Start a flow, or get the one with this id again',
      parameters: [CHANGE_HEADER],
      requestBody: {
        required: true,
        content: { 'application/json': { schema: jsonSchemaOf(startFlowSchema) } },
      },
      responses: { 201: answer('The flow; sets its cookie', flowViewSchema), ...FAILURE },
    },
  },
  '/flows/{flowId}': {
    get: {
      summary: 'The flow; with after and wait, as soon as it has changed',
      parameters: [
        FLOW_ID,
        { name: 'after', in: 'query', schema: { type: 'integer', minimum: 0 } },
        {
          name: 'wait',
          in: 'query',
          description: 'seconds',
          schema: { type: 'integer', minimum: 0, maximum: MAX_WAIT_SECONDS },
        },
      ],
      responses: flowAnswer('The flow'),
    },
  },
  '/flows/{flowId}/cancel': {
    post: {
      summary: 'Give up',
      parameters: [FLOW_ID, CHANGE_HEADER],
      requestBody: EMPTY_BODY,
      responses: flowAnswer('The flow'),
    },
  },
  '/flows/{flowId}/finish': {
    post: {
      summary: 'Confirm that the same person is still there',
      parameters: [FLOW_ID, CHANGE_HEADER],
      requestBody: EMPTY_BODY,
      responses: flowAnswer('The flow'),
    },
  },
  '/flows/{flowId}/launch': {
    post: {
      summary: 'Where the browser goes next; needs the flow cookie',
      parameters: [FLOW_ID, CHANGE_HEADER],
      requestBody: EMPTY_BODY,
      responses: {
        200: answer('GitHub’s URL, or how the flow ended', launchAnswerSchema),
        202: answer('Not yet; ask again', launchAnswerSchema),
        ...FAILURE,
      },
    },
  },
}

export const showOpenApi: Route = {
  method: 'GET',
  path: '/openapi.json',
  access: 'public',
  async handle(runtime, ctx) {
    ctx.body = {
      openapi: '3.1.0',
      info: { title: 'connect-github BFF', version: '1' },
      servers: [{ url: runtime.config.publicUrl }],
      paths: PATHS,
    }
  },
}
