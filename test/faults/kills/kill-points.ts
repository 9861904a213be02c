// The eight places in a flow's life where a BFF kills itself, written into a copy of its source.
import type { Breakage } from '../../stack/copied-sources.ts'
import { callKillPoint } from '../traffic/orders.ts'

/** Noticed from outside, when the HTTP client has written the last byte. */
const POST_SENT = 'the POST was sent'

interface WrittenPoint {
  readonly point: string
  readonly file: string
  /** The text that the point comes before, or after. */
  readonly before?: string
  readonly after?: string
}

const WRITTEN: readonly WrittenPoint[] = [
  {
    point: 'a flow was inserted',
    file: 'flows/start-flow.ts',
    before: "  runtime.log.info('flow_created'",
  },
  {
    point: 'an install URL came',
    file: 'flows/offer-install-url.ts',
    after: "  if (!('authUrl' in answer)) return answer\n",
  },
  ...['sqlite', 'postgres'].map((store) => ({
    point: 'a return is about to be committed',
    file: `storage/${store}-returns.ts`,
    before: "return { outcome: isTaken ? 'taken' : 'accepted'",
  })),
  {
    point: 'a return was committed',
    file: 'flows/handle-return.ts',
    before: "  if (accepted.outcome === 'replayed') {",
  },
  {
    point: 'a job was claimed',
    file: 'delivery/dispatcher.ts',
    before: '      for (const job of jobs)',
  },
  {
    point: 'the reply came',
    file: 'delivery/dispatcher.ts',
    before: '    const isRecorded = await record',
  },
  {
    point: 'a job was completed',
    file: 'delivery/dispatcher.ts',
    before: "    if (!isRecorded) log.warn('binding_lease_lost'",
  },
]

/** In the order in which a flow comes by. */
export const KILL_POINTS: readonly string[] = [...new Set(WRITTEN.map(({ point }) => point))].toSpliced(
  5,
  0,
  POST_SENT,
)

/** What has to be written into a copy. The dispatcher looks at its queue far more often than it finds something there. */
export const KILL_POINT_BREAKAGES: readonly Breakage[] = WRITTEN.map(({ point, file, before, after }) => {
  const from = before ?? after ?? ''
  const condition = point === 'a job was claimed' ? 'if (jobs.length > 0) ' : ''
  const call = condition + callKillPoint(point)
  return { file, from, to: before === undefined ? `${from}${call}\n` : `${call}\n${from}` }
})
