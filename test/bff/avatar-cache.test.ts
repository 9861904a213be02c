// What is kept of accounts' pictures, for how long, and how many are fetched at once.
import { describe, expect, it } from 'vitest'
import { createAvatars } from '../../bff/avatars/avatars.ts'
import type { Picture } from '../../bff/avatars/fetch-picture.ts'

const PNG = Buffer.from('\x89PNG\r\n\x1a\nand so on', 'latin1')

describe('what was fetched', () => {
  function createSource(answer: () => Promise<Picture>) {
    const asked: string[] = []
    const logged: unknown[] = []
    let nowMs = 0
    const avatars = createAvatars({
      source: {
        fetchPicture: (login) => {
          asked.push(login)
          return answer()
        },
        close: async () => undefined,
      },
      log: { info: (event, fields) => void logged.push([event, fields]) },
      now: () => nowMs,
    })
    return { avatars, asked, logged, pass: (ms: number) => void (nowMs += ms) }
  }
  const picture: Picture = { type: 'image/png', bytes: PNG }

  it('is kept for an hour, for all spellings of the login', async () => {
    const { avatars, asked, logged, pass } = createSource(async () => picture)
    expect(await Promise.all(['acme', 'Acme'].map((login) => avatars.find(login)))).toEqual([
      picture,
      picture,
    ])
    pass(60 * 60_000 - 1)
    await avatars.find('acme')
    expect(asked).toEqual(['acme'])
    pass(1)
    await avatars.find('acme')
    expect(asked).toHaveLength(2)
    expect(logged).toEqual([])
  })

  it('is no picture for five minutes when it failed, and the log says why, without saying whose', async () => {
    const { avatars, asked, logged, pass } = createSource(() => Promise.reject(new Error('acme')))
    expect(await avatars.find('acme')).toBeNull()
    pass(5 * 60_000 - 1)
    expect(await avatars.find('acme')).toBeNull()
    expect(asked).toHaveLength(1)
    pass(1)
    expect(await avatars.find('acme')).toBeNull()
    expect(asked).toHaveLength(2)
    const failure = ['avatar_missing', { detail: 'unexpected error' }]
    expect(logged).toEqual([failure, failure])
  })

  it('is forgotten, the oldest first, when there is more than fits', async () => {
    const { avatars, asked } = createSource(async () => picture)
    for (let index = 0; index <= 256; index += 1) await avatars.find(`account-${index}`)
    await avatars.find('account-256')
    await avatars.find('account-1')
    expect(asked).toHaveLength(257)
    await avatars.find('account-0')
    expect(asked).toHaveLength(258)
  })

  it('is not waited for where too much is under way already', async () => {
    const { promise, resolve } = Promise.withResolvers<Picture>()
    const { avatars, asked } = createSource(() => promise)
    const finds = Array.from({ length: 16 }, (_, index) => avatars.find(`account-${index}`))
    expect(await avatars.find('one-more')).toBeNull()
    resolve(picture)
    for (const find of finds) expect(await find).toBe(picture)
    expect(await avatars.find('one-more')).toBe(picture)
    expect(asked).toHaveLength(17)
  })
})
