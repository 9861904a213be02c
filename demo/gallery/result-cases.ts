// Cases of what a customer finds afterwards: connected, to be approved, in the way, broken, or not to be seen.
import { connected, notConnected, withFlow } from './answers.ts'
import type { Case } from './case.ts'

const approval = { body: withFlow({ status: 'awaiting_approval' }) }
const isConnected = { body: connected }

const done: readonly Case[] = [
  {
    name: 'connected',
    status: 'connected',
    answers: { connection: isConnected },
    shows: ['connectedTo', 'Organization', 'since', 'manage', 'disconnect', 'newWindow'],
  },
  {
    name: 'connected-personal-account',
    status: 'connected',
    answers: {
      connection: { body: { ...connected, account: { login: 'octocat', type: 'User' }, manageUrl: null } },
    },
    shows: ['User'],
  },
  {
    name: 'connected-account-unknown',
    status: 'connected',
    answers: { connection: { body: { ...connected, account: null, connectedAt: null, manageUrl: null } } },
    shows: ['connected'],
  },
  {
    name: 'connected-server-out-of-reach',
    status: 'connected',
    answers: { connection: [{ body: { ...connected, refreshing: true } }, 'unreachable'] },
    shows: ['unreachable'],
  },
  {
    name: 'connected-asking-to-disconnect',
    status: 'connected',
    answers: { connection: isConnected },
    presses: ['disconnect'],
    shows: ['confirm', 'keep'],
  },
  {
    name: 'connected-being-disconnected',
    status: 'connected',
    answers: { connection: isConnected },
    presses: ['disconnect', 'disconnect'],
    shows: ['connectedTo'],
  },
  {
    name: 'connected-disconnecting-failed',
    status: 'connected',
    answers: { connection: isConnected, disconnect: { refusal: 'storage_unavailable' } },
    presses: ['disconnect', 'disconnect'],
    shows: ['internal'],
  },
]

const approvals: readonly Case[] = [
  {
    name: 'awaiting-approval',
    status: 'awaiting_approval',
    answers: { connection: approval },
    shows: ['awaiting_approval', 'approval', 'copy', 'checkAgain'],
  },
  {
    name: 'awaiting-approval-copied',
    status: 'awaiting_approval',
    answers: { connection: approval },
    presses: ['copy'],
    shows: ['copied'],
  },
  {
    name: 'awaiting-approval-clipboard-denied',
    status: 'awaiting_approval',
    answers: { connection: approval },
    presses: ['copy'],
    clipboard: 'denied',
    shows: ['copyByHand'],
  },
  {
    name: 'awaiting-approval-checked',
    status: 'awaiting_approval',
    answers: { connection: approval },
    presses: ['checkAgain'],
    shows: ['notApproved'],
  },
]

const trouble: readonly Case[] = [
  {
    name: 'conflict',
    status: 'conflict',
    answers: {
      connection: {
        body: withFlow({
          status: 'conflict',
          error: 'already_bound',
          account: { login: 'acme-legacy', type: 'Organization' },
        }),
      },
    },
    shows: ['already_bound'],
  },
  {
    name: 'conflict-with-another-customer',
    status: 'conflict',
    answers: { connection: { body: withFlow({ status: 'conflict', error: 'already_bound' }) } },
    shows: ['conflict'],
  },
  {
    name: 'reconnect-uninstalled',
    status: 'reconnect',
    answers: { connection: { body: { ...connected, status: 'reconnect', reason: 'uninstalled' } } },
    shows: ['uninstalled', 'reconnect'],
  },
  {
    name: 'reconnect-suspended',
    status: 'reconnect',
    answers: { connection: { body: { ...connected, status: 'reconnect', reason: 'suspended' } } },
    shows: ['suspended'],
  },
  {
    name: 'reconnect-detached',
    status: 'reconnect',
    answers: { connection: { body: { ...connected, status: 'reconnect', reason: 'detached' } } },
    shows: ['detached'],
    isTextOnly: true,
  },
  {
    name: 'reconnect-unusable',
    status: 'reconnect',
    answers: {
      connection: { body: { ...connected, status: 'reconnect', reason: 'unusable', account: null } },
    },
    shows: ['unusable'],
  },
  {
    name: 'view-only-not-connected',
    status: 'view_only',
    answers: { connection: { body: { ...notConnected, canConnect: false } } },
    shows: ['view_only'],
  },
  {
    name: 'view-only-connected',
    status: 'view_only',
    answers: { connection: { body: { ...connected, canConnect: false } } },
    shows: ['connectedTo', 'view_only'],
  },
  {
    name: 'view-only-forbidden',
    status: 'view_only',
    answers: { connection: { refusal: 'forbidden' } },
    shows: ['forbidden'],
  },
  {
    name: 'session-required',
    status: 'session_required',
    answers: { connection: { refusal: 'session_required' } },
    shows: ['session_required', 'tryAgain'],
  },
  {
    name: 'session-required-in-a-frame',
    status: 'session_required',
    answers: { connection: { refusal: 'session_required' } },
    shows: ['openInTab'],
    isFramed: true,
  },
  {
    name: 'offline',
    status: 'offline',
    answers: { connection: 'offline' },
    shows: ['offline'],
  },
  {
    name: 'failed-to-load',
    status: 'failed',
    answers: { connection: { refusal: 'internal' } },
    shows: ['internal', 'support'],
  },
  {
    name: 'failed-to-reach-the-server',
    status: 'failed',
    answers: { connection: 'unreachable' },
    shows: ['unreachable'],
  },
  {
    name: 'failed-by-a-wrong-answer',
    status: 'failed',
    answers: { connection: 'nonsense' },
  },
]

export const resultCases: readonly Case[] = [...done, ...approvals, ...trouble]
