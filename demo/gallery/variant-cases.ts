// Cases of what a host can say about the looks, and of what names and texts can do to them.
import { connected, notConnected, withFlow } from './answers.ts'
import type { Case } from './case.ts'

const ready = { body: notConnected }
const isConnected = { body: connected }
const waiting = { body: withFlow({}) }

/** The longest that GitHub allows. */
const LONGEST_LOGIN = 'acme-coffee-roasters-of-greater-bristol'

const withLogin = (login: string) => ({
  body: { ...connected, account: { login, type: 'Organization' as const } },
})

const names: readonly Case[] = [
  {
    name: 'longest-name',
    status: 'connected',
    answers: { connection: withLogin(LONGEST_LOGIN) },
  },
  {
    name: 'longest-name-to-reconnect',
    status: 'reconnect',
    answers: {
      connection: {
        body: { ...withLogin(LONGEST_LOGIN).body, status: 'reconnect', reason: 'suspended' },
      },
    },
  },
  {
    name: 'hebrew-name',
    status: 'connected',
    answers: { connection: withLogin('קפה-אקמה-2') },
  },
]

const hosts: readonly Case[] = [
  {
    name: 'own-label',
    status: 'not_connected',
    answers: { connection: ready },
    props: { children: 'Link your repositories' },
  },
  {
    name: 'own-texts',
    status: 'not_connected',
    answers: { connection: ready },
    props: {
      messages: {
        connect: 'Add GitHub',
        notConnected: {
          title: 'Bring your code along',
          next: 'We read the repositories you choose, and nothing else. You can take the permission back at any time, here or on GitHub.',
        },
      },
    },
  },
  {
    name: 'own-colours',
    status: 'not_connected',
    answers: { connection: ready },
    props: { appearance: { variables: { accent: '#7c3aed', radius: '2px' } } },
  },
  {
    name: 'own-colours-connected',
    status: 'connected',
    answers: { connection: isConnected },
    props: { appearance: { variables: { accent: '#7c3aed', radius: '20px' } } },
  },
  { name: 'unstyled', status: 'connected', answers: { connection: isConnected }, props: { unstyled: true } },
  {
    name: 'unstyled-waiting',
    status: 'waiting',
    answers: { connection: waiting },
    props: { unstyled: true },
  },
]

export const variantCases: readonly Case[] = [...names, ...hosts]
