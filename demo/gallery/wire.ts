// The page's fetch: answers each card from the answers of its case, so that the gallery needs no server.
import { ERRORS } from '../../bff/contract.ts'
import type { ConnectionView, FlowView, WireError } from '../../bff/contract.ts'
import type { Answer, Answers } from './answers.ts'
import { failWhile } from './browser-doubles.ts'

interface Card {
  answers: Answers
  /** When the connection was first asked for, by the page's clock. */
  askedAt: number | undefined
  /** The flow that was started here. */
  flowId: string | undefined
  /** Requests without an answer; asked again when the answers change. */
  readonly waiting: Set<() => void>
}

const cards = new Map<string, Card>()
/** The widget asks again after 1.5 s where the server says that it is refreshing. */
const FIRST_MS = 1_000

const BASE = /^\/card\/[^/]+/

/** Gives a card its answers; requests that wait are answered by them. @param baseURL of the card, `/card/<name>` */
export function setAnswers(baseURL: string, answers: Answers): void {
  const card = cards.get(baseURL)
  if (!card) {
    cards.set(baseURL, { answers, askedAt: undefined, flowId: undefined, waiting: new Set() })
    return
  }
  card.answers = answers
  card.askedAt = undefined
  const waiting = [...card.waiting]
  card.waiting.clear()
  for (const ask of waiting) ask()
}

/** Puts the table in the place of the network, for the paths of cards. */
export function installWire(): void {
  const network = window.fetch.bind(window)
  window.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, location.href)
    const baseURL = BASE.exec(url.pathname)?.[0]
    const card = baseURL === undefined ? undefined : cards.get(baseURL)
    if (baseURL === undefined || card === undefined) return network(input, init)
    const path = url.pathname.slice(baseURL.length)
    // Signals are left out of account: a request that never ends stays that way, also after the widget's own time limit.
    return new Promise((resolve, reject) => {
      const ask = () => {
        const answer = find(card, init?.method ?? 'GET', path, url.searchParams, init?.body)
        if (answer === 'never') card.waiting.add(ask)
        // A task of its own, as answers of a network have.
        else setTimeout(() => give(answer, resolve, reject))
      }
      ask()
    })
  }
}

function find(card: Card, method: string, path: string, query: URLSearchParams, body: unknown) {
  const { answers } = card
  if (path === '/connection' && method === 'DELETE') return answers.disconnect ?? 'never'
  if (path === '/connection') return nextConnection(card)
  if (path === '/repositories') return answers.repositories ?? 'never'
  if (path === '/flows') {
    card.flowId = typeof body === 'string' ? readFlowId(body) : undefined
    return named(answers.start ?? 'never', card)
  }
  if (path.endsWith('/cancel')) return named(answers.cancel ?? 'never', card)
  if (method !== 'GET') return 'never'
  const answer = named(answers.flow ?? answers.start ?? flowOf(answers.connection), card)
  const known = Number(query.get('after') ?? 0)
  return typeof answer === 'object' && 'body' in answer && answer.body.version <= known ? 'never' : answer
}

/** By time and not by number, because in its strict mode React mounts, and so asks, twice. */
function nextConnection(card: Card): Answer<ConnectionView> {
  const { connection } = card.answers
  card.askedAt ??= performance.now()
  if (!isPair(connection)) return connection
  return connection[performance.now() - card.askedAt < FIRST_MS ? 0 : 1] ?? 'never'
}

const isPair = (
  connection: Answers['connection'],
): connection is readonly [Answer<ConnectionView>, Answer<ConnectionView>] => Array.isArray(connection)

function flowOf(connection: Answers['connection']): Answer<FlowView> {
  const answer = isPair(connection) ? connection[0] : connection
  const flow = typeof answer === 'object' && 'body' in answer ? answer.body.flow : null
  return flow ? { body: flow } : { refusal: 'not_found' }
}

/** The same with the id of the flow that the widget started. */
function named(answer: Answer<FlowView>, { flowId }: Card): Answer<FlowView> {
  return typeof answer === 'object' && 'body' in answer && flowId !== undefined
    ? { body: { ...answer.body, flowId } }
    : answer
}

function readFlowId(body: string): string | undefined {
  const parsed: unknown = JSON.parse(body)
  return parsed instanceof Object && 'flowId' in parsed ? String(parsed.flowId) : undefined
}

function give(
  answer: Exclude<Answer<unknown>, 'never'>,
  resolve: (response: Response) => void,
  reject: (error: Error) => void,
): void {
  const failure = new TypeError('Failed to fetch')
  if (answer === 'unreachable' || answer === 'offline')
    return failWhile(answer === 'unreachable', () => reject(failure))
  if (answer === 'nonsense') return resolve(new Response('<h1>Welcome</h1>'))
  if ('body' in answer) return resolve(Response.json(answer.body))
  const { refusal: code } = answer
  const { status, text } = ERRORS[code]
  const error: WireError = { error: { code, message: text, requestId: '3f9c2a7d41e8' } }
  resolve(Response.json(error, { status }))
}
