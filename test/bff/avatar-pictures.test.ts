// The way to accounts' pictures: what is sent, and what is made of answers that are hostile or broken.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  createPictureSource,
  MAX_PICTURE_BYTES,
  pictureOriginOf,
  type PictureSource,
} from '../../bff/avatars/fetch-picture.ts'
import { copyBroken } from '../flow/broken-bff.ts'
import type { Breakage } from '../stack/copied-sources.ts'
import { listen } from './upstream-server.ts'

const PNG = Buffer.from('\x89PNG\r\n\x1a\nand so on', 'latin1')
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
/** The copy stands elsewhere, where there is nothing to extend. */
const ALONE: Breakage = { file: 'tsconfig.json', from: '"extends": "../tsconfig.json",', to: '' }

type Handle = (response: ServerResponse, request: IncomingMessage) => void

async function start(handle: Handle) {
  const received: IncomingMessage[] = []
  const url = await listen(
    createServer((request, response) => {
      received.push(request)
      handle(response, request)
    }),
  )
  return { url, received }
}

const send =
  (status: number, body: Buffer | string = '', headers: Record<string, string> = {}): Handle =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'image/png', ...headers }).end(body)

/** GitHub's two hosts, and one that is not its own. */
async function startHosts(
  github: (hosts: { pictures: string; elsewhere: string }) => Handle,
  pictures: Handle = send(200, PNG),
) {
  const elsewhere = await start(send(200, PNG))
  const ofPictures = await start(pictures)
  const hosts = { pictures: ofPictures.url, elsewhere: elsewhere.url }
  return { github: await start(github(hosts)), pictures: ofPictures, elsewhere }
}

function open(
  { github, pictures }: { github: { url: string }; pictures: { url: string } },
  create = createPictureSource,
): PictureSource {
  const source = create({ githubOrigin: github.url, pictureOrigin: pictures.url, timeoutMs: 500 })
  onTestFinished(() => source.close())
  return source
}

const to =
  (location: string): Handle =>
  (response) =>
    void response.writeHead(302, { location }).end()

describe('a picture', () => {
  it('is asked for by the login, without credentials, and found where GitHub’s redirect leads', async () => {
    const hosts = await startHosts(({ pictures }) => to(`${pictures}/u/42?v=4&s=80`))
    expect(await open(hosts).fetchPicture('acme-coffee')).toEqual({ type: 'image/png', bytes: PNG })
    expect(hosts.github.received.map(({ url }) => url)).toEqual(['/acme-coffee.png?size=80'])
    expect(hosts.pictures.received.map(({ url }) => url)).toEqual(['/u/42?v=4&s=80'])
    for (const { headers } of [...hosts.github.received, ...hosts.pictures.received]) {
      const { host: _, connection: __, ...sent } = headers
      expect(sent).toEqual({
        accept: 'image/*',
        'accept-encoding': 'identity',
        'user-agent': 'connect-github-bff',
      })
    }
  })

  it.each([
    ['image/png', PNG],
    ['image/jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0])],
    ['image/gif', Buffer.from('GIF89a..')],
    ['image/gif', Buffer.from('GIF87a..')],
    ['image/webp', Buffer.from('RIFF\n\0\0\0WEBPVP8 ')],
  ])('is %s by its bytes, whatever its server calls it', async (type, bytes) => {
    const hosts = await startHosts(() => send(200, bytes, { 'content-type': 'image/svg+xml' }))
    expect(await open(hosts).fetchPicture('acme')).toEqual({ type, bytes })
  })

  it('may be as large as is allowed', async () => {
    const bytes = Buffer.concat([PNG, Buffer.alloc(MAX_PICTURE_BYTES - PNG.length)])
    const hosts = await startHosts(() => send(200, bytes))
    expect((await open(hosts).fetchPicture('acme')).bytes).toHaveLength(MAX_PICTURE_BYTES)
  })

  it('is on a host of its own for github.com, and on the server itself elsewhere', () => {
    expect(pictureOriginOf('https://github.com')).toBe('https://avatars.githubusercontent.com')
    expect(pictureOriginOf('https://github.example.com')).toBe('https://github.example.com')
  })

  it.each(['', '..', 'a/b', 'a?b', 'a%2Fb', 'a\r\nHost: x', '@evil.example', '-x', 'x'.repeat(101)])(
    'is asked of nobody for what is no login: %j',
    async (login) => {
      const hosts = await startHosts(() => send(200, PNG))
      await expect(open(hosts).fetchPicture(login)).rejects.toMatchObject({ failure: 'not a login' })
      expect(hosts.github.received).toEqual([])
    },
  )
})

interface Hostile {
  readonly failure: string
  readonly github: (hosts: { pictures: string; elsewhere: string }) => Handle
  readonly pictures?: Handle
  /** What makes a build of it that takes the answer; without one, there is nothing that could be broken. */
  readonly broken?: readonly Breakage[]
}

const FETCH = 'avatars/fetch-picture.ts'
const ANY_ORIGIN: readonly Breakage[] = [
  { file: FETCH, from: '|| next?.origin !== pictureOrigin', to: '|| next === null' },
  { file: FETCH, from: 'const pool = pools.get(url.origin)', to: 'const pool = new Pool(url.origin)' },
]

const HOSTILE: Readonly<Record<string, Hostile>> = {
  'a redirect to another host': {
    failure: 'a redirect to elsewhere',
    github: ({ elsewhere }) => to(`${elsewhere}/u/42`),
    broken: ANY_ORIGIN,
  },
  'a redirect to a host that only begins like ours': {
    failure: 'a redirect to elsewhere',
    github: ({ pictures }) => to(`${pictures}.evil.example/u/42`),
  },
  'a redirect with credentials': {
    failure: 'a redirect to elsewhere',
    github: ({ pictures }) => to(pictures.replace('//', '//user:password@')),
    broken: [{ file: FETCH, from: "|| url.username !== '' || url.password !== ''", to: '' }],
  },
  'a redirect to a file': { failure: 'a redirect to elsewhere', github: () => to('file:///etc/passwd') },
  'a redirect to nowhere': { failure: 'a redirect to elsewhere', github: () => to('http://') },
  'a redirect without an address': { failure: 'a redirect to elsewhere', github: () => send(302) },
  'a second redirect': {
    failure: 'a redirect to elsewhere',
    github: ({ pictures }) => to(`${pictures}/1`),
    pictures: (response, { url }) => (url === '/1' ? to('/2')(response, response.req) : response.end(PNG)),
    broken: [{ file: FETCH, from: 'isLast || ', to: '' }],
  },
  'a redirect of another kind': {
    failure: 'an answer with another status',
    github: ({ pictures }) => send(307, PNG, { location: `${pictures}/u/42` }),
    broken: [{ file: FETCH, from: 'if (statusCode !== 200) throw', to: 'if (statusCode > 399) throw' }],
  },
  'an error': { failure: 'an answer with another status', github: () => send(404, PNG) },
  'SVG that is called a PNG': {
    failure: 'no picture',
    github: () => send(200, SVG),
    broken: [
      { file: FETCH, from: '= findPictureType(bytes)', to: "= findPictureType(bytes) ?? 'image/png'" },
    ],
  },
  HTML: { failure: 'no picture', github: () => send(200, '<!doctype html><script>alert(1)</script>') },
  'nothing at all': { failure: 'no picture', github: () => send(200) },
  'more than is allowed': {
    failure: 'too large',
    github: () => send(200, Buffer.concat([PNG, Buffer.alloc(MAX_PICTURE_BYTES)])),
    broken: [{ file: FETCH, from: 'maxResponseSize: MAX_PICTURE_BYTES,', to: '' }],
  },
  'more than is allowed, without saying so': {
    failure: 'too large',
    github: () => (response) => {
      response.writeHead(200)
      response.write(PNG)
      response.end(Buffer.alloc(MAX_PICTURE_BYTES))
    },
  },
  'an answer that never comes': { failure: 'too slow', github: () => () => undefined },
  'an answer that never ends': {
    failure: 'too slow',
    github: () => (response) => void response.writeHead(200).write(PNG),
  },
  'a connection that is cut': {
    failure: 'not reachable',
    github: () => (response) => void response.socket?.destroy(),
  },
}

/** A picture, or why there is none; a class of a copy is another class, but its errors say the same. */
async function fetchFrom(hostile: Hostile, create?: typeof createPictureSource) {
  const hosts = await startHosts(hostile.github, hostile.pictures)
  const outcome = await open(hosts, create)
    .fetchPicture('acme')
    .then(
      ({ bytes }) => ({ size: bytes.length, failure: undefined }),
      (error: unknown) => ({ size: 0, failure: Reflect.get(Object(error), 'failure') }),
    )
  return { ...outcome, hosts }
}

describe('no picture', () => {
  it.each(Object.entries(HOSTILE))('comes of %s', async (_, hostile) => {
    const { failure, hosts } = await fetchFrom(hostile)
    expect(failure).toBe(hostile.failure)
    expect(hosts.elsewhere.received).toEqual([])
  })

  it('comes of a server that is not there', async () => {
    const nowhere = { url: 'http://127.0.0.1:9' }
    const source = open({ github: nowhere, pictures: nowhere })
    await expect(source.fetchPicture('acme')).rejects.toMatchObject({ failure: 'not reachable' })
  })

  const controls = Object.entries(HOSTILE).flatMap(([name, hostile]) =>
    hostile.broken === undefined ? [] : [{ name, hostile, breakages: hostile.broken }],
  )
  it.each(controls)('but a build that takes anything takes $name', async ({ hostile, breakages }) => {
    const copy = copyBroken([...breakages, ALONE])
    // A module of the copy has the types of the original, as far as a control needs them.
    const broken: { createPictureSource: typeof createPictureSource } = await import(`${copy}/${FETCH}`)
    const { failure, size } = await fetchFrom(hostile, broken.createPictureSource)
    expect(failure).toBeUndefined()
    expect(size).toBeGreaterThan(0)
  })
})
