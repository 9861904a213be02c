// The request awaits an owner of the organization: a message to send them, and ways on.
import { useRef, useState } from 'react'
import type { ConnectGitHubState } from '../useConnectGitHub.ts'
import { Action, Card } from './Card.tsx'
import type { ViewProps } from './StateView.tsx'

type Awaiting = Extract<ConnectGitHubState, { status: 'awaiting_approval' }>

export function ApprovalView({ state, messages: m, name, disabled, say }: ViewProps<Awaiting>) {
  const field = useRef<HTMLTextAreaElement>(null)
  const [copied, setCopied] = useState('')
  // Path and query may hold what is not meant for others; the page's place is enough.
  const message = m.approval.replace('{page}', () => location.origin + location.pathname)
  const copy = async () => {
    let result = m.copied
    try {
      await navigator.clipboard.writeText(message)
    } catch {
      // Denied, or no secure context: the text is selected, the keys do the rest.
      field.current?.select()
      result = m.copyByHand
    }
    setCopied(result)
    say(result)
  }
  const { title, next } = m.flow.awaiting_approval
  return (
    <Card
      {...{ name, title }}
      tone="warn"
      text={next}
      note={state.trouble?.displayMessage}
      actions={
        <>
          <Action {...{ name }} main onPress={() => void copy()}>
            {copied || m.copy}
          </Action>
          <Action {...{ name }} onPress={state.checkAgain}>
            {m.checkAgain}
          </Action>
          <Action {...{ name }} locked={disabled} onPress={state.startOver}>
            {m.startOver}
          </Action>
        </>
      }
    >
      <textarea
        className={name('message')}
        ref={field}
        readOnly
        rows={4}
        value={message}
        aria-label={m.copy}
      />
    </Card>
  )
}
