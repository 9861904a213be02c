// A server component that uses the widget as it is: only its 'use client' makes that possible.
import { ConnectGitHub } from '@connect-github/widget'

export const dynamic = 'force-dynamic'

export default function Page() {
  return (
    <main>
      <h1>Settings</h1>
      <ConnectGitHub locale="en" />
    </main>
  )
}
