'use client'
// A client component with callbacks, and the list of repositories beside the widget.
import { ConnectGitHub } from '@connect-github/widget'
import { useRepositories } from '@connect-github/widget/repositories'
import { useState } from 'react'

export default function Page() {
  const [calls, setCalls] = useState([])
  const { repositories } = useRepositories()
  return (
    <main>
      <ConnectGitHub onSuccess={({ account }) => setCalls((before) => [...before, account.login])} />
      <ul aria-label="Repositories">
        {repositories.map(({ fullName }) => (
          <li key={fullName}>{fullName}</li>
        ))}
      </ul>
      <output>{calls.join()}</output>
    </main>
  )
}
