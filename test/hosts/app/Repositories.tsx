// A list of repositories as a host shows it, from the widget's second entry.
import { useRepositories } from '@connect-github/widget/repositories'
import type { QueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'

export function Repositories({ queryClient }: { queryClient: QueryClient | undefined }): ReactNode {
  const { repositories } = useRepositories({ queryClient })
  return (
    <ul aria-label="Repositories">
      {repositories.map(({ fullName }) => (
        <li key={fullName}>{fullName}</li>
      ))}
    </ul>
  )
}
