// Layers' pages of repositories: what is read from them, and what is refused.
import { describe, expect, it } from 'vitest'
import { repositoriesAnswer } from '../../bff/upstream/parse-answers.ts'

describe('a page of repositories', () => {
  const repository = {
    fullName: 'acme-coffee/roaster',
    owner: 'acme-coffee',
    private: true,
    defaultBranch: 'main',
    primaryLanguage: 'TypeScript',
  }
  const pageOf = (change: object): object => ({ items: [{ ...repository, ...change }] })

  it('is read, with or without what Layers may leave out', () => {
    expect(repositoriesAnswer.parse({ items: [repository], nextCursor: 'c' })).toEqual({
      items: [repository],
      nextCursor: 'c',
    })
    const bare = { fullName: 'a/b', private: false }
    const nulls = { ...bare, owner: null, defaultBranch: null, language: null, primaryLanguage: null }
    expect(repositoriesAnswer.parse({ items: [bare, nulls] })).toEqual({
      items: [bare, nulls],
      nextCursor: null,
    })
    expect(repositoriesAnswer.parse({ items: [], nextCursor: null })).toEqual({ items: [], nextCursor: null })
    const longest = 'c'.repeat(2000)
    expect(repositoriesAnswer.parse({ items: [], nextCursor: longest })).toMatchObject({
      nextCursor: longest,
    })
  })

  it.each([
    'a/b',
    'Acme-Coffee_1/roaster',
    'acme/.github',
    'acme/..x',
    'acme/...',
    'acme/a.b-c_d',
    `${'a'.repeat(100)}/${'b'.repeat(100)}`,
  ])('is read with the repository %s', (fullName) => {
    expect(repositoriesAnswer.parse(pageOf({ fullName })).items).toMatchObject([{ fullName }])
  })

  it.each([
    'acme',
    '/b',
    'a/',
    'acme/.',
    'acme/..',
    '-acme/b',
    '.acme/b',
    ' acme/b',
    'x y/b',
    'acme/b c',
    'acme/b ',
    'acme/b/c',
    'a.b/c',
    '../acme/b',
    `${'a'.repeat(101)}/b`,
    `a/${'b'.repeat(101)}`,
  ])('is refused with the repository “%s”', (fullName) => {
    expect(repositoriesAnswer.safeParse(pageOf({ fullName })).success).toBe(false)
  })

  it.each([
    {},
    { items: {} },
    { items: [null] },
    pageOf({ private: 'yes' }),
    pageOf({ owner: 'x'.repeat(256) }),
    pageOf({ defaultBranch: 1 }),
    { items: Array.from({ length: 201 }, () => repository) },
    { items: [], nextCursor: '' },
    { items: [], nextCursor: 'c'.repeat(2001) },
    { items: [], nextCursor: 7 },
  ])('is refused as %j', (answer) => {
    expect(repositoriesAnswer.safeParse(answer).success).toBe(false)
  })
})
