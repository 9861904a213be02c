// Cases of a customer's way to GitHub and back: before the press, and while a flow is under way.
import { connected, notConnected, someFlow, withFlow } from './answers.ts'
import type { Case } from './case.ts'

const started = { body: someFlow({ status: 'starting', version: 1 }) }
const redirected = { body: someFlow({ mode: 'redirect' }) }
const ready = { body: notConnected }

const start: readonly Case[] = [
  { name: 'loading', status: 'loading', answers: { connection: 'never' }, shows: ['loading'] },
  {
    name: 'not-connected',
    status: 'not_connected',
    answers: { connection: ready },
    shows: ['connect', 'notConnected'],
  },
  {
    name: 'not-connected-app-still-installed',
    status: 'not_connected',
    answers: { connection: { body: { ...notConnected, manageUrl: connected.manageUrl } } },
    shows: ['stillInstalled', 'manage'],
  },
  {
    name: 'not-connected-disabled',
    status: 'not_connected',
    answers: { connection: ready },
    props: { disabled: true },
  },
  {
    name: 'not-connected-after-cancelling',
    status: 'not_connected',
    answers: { connection: { body: withFlow({ status: 'cancelled', error: 'flow_cancelled' }) } },
  },
]

const underWay: readonly Case[] = [
  {
    name: 'opening',
    status: 'opening',
    answers: { connection: ready },
    presses: ['connect'],
    shows: ['opening'],
  },
  {
    name: 'opening-long',
    status: 'opening',
    answers: { connection: ready, start: started },
    presses: ['connect'],
    shows: ['openingLong'],
    isHurried: true,
  },
  {
    name: 'opening-again-elsewhere',
    status: 'opening',
    answers: { connection: { body: withFlow({ status: 'starting', version: 1 }) } },
  },
  {
    name: 'waiting',
    status: 'waiting',
    answers: { connection: { body: withFlow({}) } },
    shows: ['waiting', 'openAgain', 'startOver', 'cancel'],
  },
  {
    name: 'waiting-long',
    status: 'waiting',
    answers: { connection: { body: withFlow({}) } },
    shows: ['waitingLong'],
    isHurried: true,
  },
  {
    name: 'waiting-window-blocked',
    status: 'waiting',
    answers: { connection: ready, start: redirected },
    presses: ['connect'],
    popups: 'blocked',
    shows: ['popupBlocked', 'continueHere'],
  },
  {
    name: 'waiting-in-the-tab',
    status: 'waiting',
    answers: { connection: { body: withFlow({ mode: 'redirect' }) } },
    shows: ['continueHere'],
  },
  {
    name: 'waiting-being-cancelled',
    status: 'waiting',
    answers: { connection: { body: withFlow({}) } },
    presses: ['cancel'],
  },
  {
    name: 'waiting-cancelling-failed',
    status: 'waiting',
    answers: { connection: { body: withFlow({}) }, cancel: { refusal: 'rate_limited' } },
    presses: ['cancel'],
    shows: ['rate_limited'],
  },
  {
    name: 'waiting-server-out-of-reach',
    status: 'waiting',
    answers: { connection: { body: withFlow({}) }, flow: 'unreachable' },
    shows: ['unreachable'],
  },
  {
    name: 'authorizing',
    status: 'authorizing',
    answers: { connection: { body: withFlow({ status: 'authorizing' }) } },
    shows: ['authorizing', 'continueOnGitHub'],
  },
  {
    name: 'authorizing-window-blocked',
    status: 'authorizing',
    answers: { connection: { body: withFlow({ status: 'authorizing' }) } },
    presses: ['continueOnGitHub'],
    popups: 'blocked',
    shows: ['popupBlocked', 'continueHere'],
  },
  {
    name: 'authorizing-in-the-tab',
    status: 'authorizing',
    answers: { connection: { body: withFlow({ status: 'authorizing', mode: 'redirect' }) } },
  },
  {
    name: 'finishing-back-from-github',
    status: 'finishing',
    answers: { connection: { body: withFlow({ status: 'returned' }) } },
    shows: ['returned'],
  },
  {
    name: 'finishing',
    status: 'finishing',
    answers: { connection: { body: withFlow({ status: 'binding' }) } },
    shows: ['binding'],
  },
  {
    name: 'finishing-long',
    status: 'finishing',
    answers: { connection: { body: withFlow({ status: 'binding' }) } },
    shows: ['finishingLong'],
    isHurried: true,
  },
  {
    name: 'finishing-offline',
    status: 'finishing',
    answers: { connection: { body: withFlow({ status: 'binding' }) }, flow: 'offline' },
    shows: ['offline'],
  },
]

export const flowCases: readonly Case[] = [...start, ...underWay]
