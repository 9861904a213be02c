// A case inside a frame of another site: the gallery itself by another name of this machine, with that case alone.
import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import type { Case } from './case.ts'
import { addressWith } from './settings.ts'
import type { Settings } from './settings.ts'

const SETTLED = 'gallery-case-settled'

/** The other name of a loopback address; any other host is asked for one below its own. */
function otherHost({ hostname, host }: Location): string {
  if (hostname === '127.0.0.1') return host.replace(hostname, 'localhost')
  return hostname === 'localhost' ? host.replace(hostname, '127.0.0.1') : `framed.${host}`
}

/** Called in the frame when its case is settled. */
export function tellHost(): void {
  window.parent.postMessage(SETTLED, new URL(document.referrer).origin)
}

export const isInFrame = (): boolean => window.self !== window.top

export interface FramedCaseProps {
  readonly of: Case
  readonly settings: Settings
}

export function FramedCase({ of: { name }, settings }: FramedCaseProps): ReactNode {
  const frame = useRef<HTMLIFrameElement>(null)
  const [isSettled, setSettled] = useState(false)
  useEffect(() => {
    const receive = ({ source, data }: MessageEvent) => {
      if (source === frame.current?.contentWindow && data === SETTLED) setSettled(true)
    }
    window.addEventListener('message', receive)
    return () => window.removeEventListener('message', receive)
  }, [])
  const query = addressWith(settings, { view: 'cases', state: name, layout: 'framed' })
  return (
    <figure data-case={name} data-settled={isSettled || undefined}>
      <figcaption>{name}</figcaption>
      {/* oxlint-disable-next-line react/iframe-missing-sandbox -- the page inside is our own, and another origin */}
      <iframe
        ref={frame}
        className="frame"
        title="The card inside another site"
        src={`${location.protocol}//${otherHost(location)}${location.pathname}${query}`}
        style={{ inlineSize: settings.width }}
      />
    </figure>
  )
}
