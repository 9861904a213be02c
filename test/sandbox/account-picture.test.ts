// GitHub's pictures of accounts, as the sandbox has them: behind one redirect, and none for accounts that are not there.
import { expect, it, onTestFinished } from 'vitest'
import { startSandbox } from '../../demo/sandbox/index.ts'

it('leads from a login to a picture, another one for each account', async () => {
  const sandbox = await startSandbox({})
  onTestFinished(() => sandbox.close())
  const pictures = await Promise.all(
    ['acme-coffee', 'nordwind-shop'].map(async (login) => {
      const redirect = await fetch(`${sandbox.githubUrl}/${login}.png?size=80`, { redirect: 'manual' })
      expect([redirect.status, redirect.headers.get('location')]).toEqual([
        302,
        expect.stringMatching(/\/u\/[0-9]+\?v=4&s=80$/),
      ])
      const picture = await fetch(new URL(redirect.headers.get('location') ?? '', sandbox.githubUrl))
      expect(picture.headers.get('content-type')).toBe('image/png')
      return Buffer.from(await picture.arrayBuffer()).toString('hex')
    }),
  )
  expect(pictures[0]).toMatch(/^89504e470d0a1a0a/)
  expect(new Set(pictures).size).toBe(2)
})

it('has none of nobody', async () => {
  const sandbox = await startSandbox({})
  onTestFinished(() => sandbox.close())
  expect((await fetch(`${sandbox.githubUrl}/nobody-at-all.png`)).status).toBe(404)
})
