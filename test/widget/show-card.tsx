// Shows <Repositories/> in a card, against a fake BFF, on a clock that stands still.
import { QueryClient } from '@tanstack/react-query'
import { fireEvent, render, screen } from '@testing-library/react'
import { vi } from 'vitest'
import type { ConnectionView } from '../../bff/contract.ts'
import { ConnectGitHub } from '../../widget/ConnectGitHub.tsx'
import { Repositories } from '../../widget/repositories.ts'
import type { RepositoriesProps } from '../../widget/repositories.ts'
import { connected, createFakeBff, json, someRepository } from './fake-bff.ts'
import type { FakeBff } from './fake-bff.ts'
import { pass } from './show-list.tsx'

export const NAMES = ['api', 'docs', 'infra', 'ios', 'web']

export async function showCard(
  props: RepositoriesProps = {},
  names: readonly string[] = NAMES,
  prepare: (bff: FakeBff) => void = () => {},
  connection: ConnectionView = connected,
) {
  const bff = createFakeBff(connection)
  bff.repositories = names.map(someRepository)
  prepare(bff)
  vi.stubGlobal('fetch', bff.fetch)
  const queryClient = new QueryClient()
  render(
    <ConnectGitHub
      queryClient={queryClient}
      details={<Repositories queryClient={queryClient} {...props} />}
    />,
  )
  await pass()
  await pass()
  return bff
}

export const part = (name: string) => document.querySelector<HTMLElement>(`[data-cgh-part=${name}]`)
export const said = (name: string) => part(name)?.textContent
export const links = () => [...document.querySelectorAll('li a')].map((link) => link.textContent)
export const press = async (name: string) => {
  const button = screen.getByText(name)
  button.focus()
  fireEvent.click(button)
  await pass()
}
export const type = async (value: string) => {
  fireEvent.change(screen.getByRole('searchbox', { hidden: true }), { target: { value } })
  await pass(300)
  await pass()
}
/** One page with all of them. */
export const onOnePage = (names: readonly string[]) => (bff: FakeBff) =>
  bff.once('GET /repositories', () => json({ items: names.map(someRepository), nextCursor: null }))
