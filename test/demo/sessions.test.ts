// The session store by itself: what time and numbers do to it, and the attributes of its cookie.
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { createSessions, type SessionOptions } from '../../demo/host/sessions.ts'
import { PEOPLE } from '../../demo/people.ts'

const [ada, vic] = PEOPLE
if (ada === undefined || vic === undefined) throw new Error('demo/people.ts lists fewer than two people')

function requestWith(cookie?: string): IncomingMessage {
  const request = new IncomingMessage(new Socket())
  if (cookie !== undefined) request.headers.cookie = cookie.split(';')[0]
  return request
}

function createTimedSessions(options: Partial<SessionOptions> = {}) {
  const clock = { nowMs: 0 }
  return { clock, sessions: createSessions({ sameSite: 'Lax', now: () => clock.nowMs, ...options }) }
}

it('knows nobody without a cookie, with an unknown one, or with one of another name', () => {
  const { sessions } = createTimedSessions()
  const cookie = sessions.open(requestWith(), ada)
  expect(sessions.findPerson(requestWith())).toBeUndefined()
  expect(sessions.findPerson(requestWith('brightline_session=guessed'))).toBeUndefined()
  expect(sessions.findPerson(requestWith(cookie.replace('brightline_session', 'other')))).toBeUndefined()
  expect(sessions.findPerson(requestWith(cookie))).toBe(ada)
})

it('finds its cookie among others', () => {
  const { sessions } = createTimedSessions()
  const [pair = ''] = sessions.open(requestWith(), ada).split(';')
  const request = requestWith()
  request.headers.cookie = `theme=dark; ${pair}; language=en`
  expect(sessions.findPerson(request)).toBe(ada)
})

it('ends a session after twelve hours', () => {
  const { clock, sessions } = createTimedSessions()
  const cookie = sessions.open(requestWith(), ada)
  clock.nowMs = 12 * 60 * 60 * 1000 - 1
  expect(sessions.findPerson(requestWith(cookie))).toBe(ada)
  clock.nowMs += 1
  expect(sessions.findPerson(requestWith(cookie))).toBeUndefined()
})

it('keeps at most a thousand sessions and lets the oldest go', () => {
  const { sessions } = createTimedSessions()
  const oldest = sessions.open(requestWith(), ada)
  const second = sessions.open(requestWith(), vic)
  for (let count = 2; count < 1001; count += 1) sessions.open(requestWith(), ada)
  expect(sessions.findPerson(requestWith(oldest))).toBeUndefined()
  expect(sessions.findPerson(requestWith(second))).toBe(vic)
})

it('can keep its cookie from every request that another site started', () => {
  const { sessions } = createTimedSessions({ sameSite: 'Strict' })
  expect(sessions.open(requestWith(), ada)).toContain('; SameSite=Strict;')
})
