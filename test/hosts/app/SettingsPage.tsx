// A host's settings page with the widget in it, and what a host does around it: renders again, unmounts, crashes.
import { ConnectGitHub, type ConnectGitHubProps } from '@connect-github/widget'
import { useState, type ReactNode } from 'react'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { noteCall } from './calls.ts'
import { createHostClient } from './query-clients.ts'
import type { HostOptions } from './read-options.ts'
import { Repositories } from './Repositories.tsx'

export function SettingsPage({ options }: { options: HostOptions }): ReactNode {
  const [render, setRender] = useState(1)
  const [isMounted, setMounted] = useState(true)
  const [queryClient] = useState(() => createHostClient(options.client))
  const props = { ...propsOf(options, render), queryClient }
  return (
    <main>
      <h1>Settings</h1>
      <button type="button" onClick={() => setRender(render + 1)}>
        Render again
      </button>
      <button type="button" onClick={() => setMounted(!isMounted)}>
        {isMounted ? 'Unmount' : 'Mount'}
      </button>
      <output>Render {render}</output>
      <ErrorBoundary>
        <Crash />
        {isMounted &&
          Array.from({ length: options.instances }, (_, index) => <ConnectGitHub key={index} {...props} />)}
        {isMounted && options.repositories && <Repositories queryClient={queryClient} />}
      </ErrorBoundary>
    </main>
  )
}

/** Something else of the host's, below the same boundary. */
function Crash(): ReactNode {
  const [isCrashing, setCrashing] = useState(false)
  if (isCrashing) throw new Error('Something of the host crashed')
  return (
    <button type="button" onClick={() => setCrashing(true)}>
      Crash
    </button>
  )
}

/** From a host that is written in JavaScript, which no types protect. */
const WRONG: object = { disabled: 'no' }

/** New functions at each render, which know the render they belong to. */
function propsOf(options: HostOptions, render: number): ConnectGitHubProps {
  const note = (name: string, about: string): void => {
    noteCall(name, render, about)
    if (options.throwing) throw new Error(`${name} of the host throws`)
  }
  return {
    mode: options.mode,
    locale: options.locale,
    token: options.token,
    baseURL: options.baseURL,
    appearance: { theme: options.theme, ...(options.accent && { variables: { accent: options.accent } }) },
    ...(options.wrong && WRONG),
    onSuccess: (connection, { status }) => note('onSuccess', `${connection.account?.login} ${status}`),
    onExit: (error, { status }) => note('onExit', `${error?.code ?? 'no error'} ${status}`),
    onError: ({ code }) => note('onError', code),
    onEvent: ({ type }) => note('onEvent', type),
    onLoad: () => note('onLoad', ''),
  }
}
