// Cases of what a host can say about the looks, and of what names and texts can do to them.
import { connected, notConnected, withFlow } from './answers.ts'
import type { RepositoryView } from '../../bff/contract.ts'
import type { Case } from './case.ts'

const PICTURE_URL = new URL('picture.svg', import.meta.url).href

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

const details: Case = {
  name: 'details',
  status: 'connected',
  answers: { connection: isConnected },
  props: { details: 'Layers reads 12 repositories. The last one was read two minutes ago.' },
}

const repository = (name: string, isPrivate: boolean): RepositoryView => ({
  fullName: `acme-coffee/${name}`,
  url: `https://github.com/acme-coffee/${name}`,
  isPrivate,
  defaultBranch: 'main',
  language: null,
})

const repositories = {
  body: {
    items: [repository('roastery', true), repository('website', false), repository('beans', true)],
    nextCursor: 'next',
  },
}

const contents: readonly Case[] = [
  details,
  {
    name: 'picture',
    status: 'connected',
    answers: { connection: { body: { ...connected, avatarUrl: PICTURE_URL } } },
  },
  {
    name: 'repositories',
    status: 'connected',
    answers: { connection: isConnected, repositories },
    repositories: 'closed',
  },
  {
    name: 'repositories-open',
    status: 'connected',
    answers: { connection: isConnected, repositories },
    repositories: 'open',
  },
]

const compactLooks = { appearance: { layout: 'compact' } } as const

const compact: readonly Case[] = [
  { name: 'compact-loading', status: 'loading', answers: { connection: 'never' }, props: compactLooks },
  {
    name: 'compact-not-connected',
    status: 'not_connected',
    answers: { connection: ready },
    props: compactLooks,
  },
  { name: 'compact-waiting', status: 'waiting', answers: { connection: waiting }, props: compactLooks },
  {
    name: 'compact-finishing',
    status: 'finishing',
    answers: { connection: { body: withFlow({ status: 'binding' }) } },
    props: compactLooks,
  },
  {
    name: 'compact-connected',
    status: 'connected',
    answers: { connection: isConnected },
    props: compactLooks,
  },
  {
    name: 'compact-asking-to-disconnect',
    status: 'connected',
    answers: { connection: isConnected },
    presses: ['disconnect'],
    shows: ['confirm'],
    props: compactLooks,
  },
  {
    name: 'compact-longest-name',
    status: 'connected',
    answers: { connection: withLogin(LONGEST_LOGIN) },
    props: compactLooks,
  },
  {
    name: 'compact-awaiting-approval',
    status: 'awaiting_approval',
    answers: { connection: { body: withFlow({ status: 'awaiting_approval' }) } },
    props: compactLooks,
  },
  {
    name: 'compact-refused',
    status: 'refused',
    answers: { connection: { body: withFlow({ status: 'refused', error: 'ownership_not_proved' }) } },
    props: compactLooks,
  },
]

export const variantCases: readonly Case[] = [...names, ...hosts, ...contents, ...compact]
