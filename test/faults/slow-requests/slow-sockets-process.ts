// Connections that send a byte of a head, or of a body, now and then: as many as are wanted, at all times, from a process of their own,
// so that looking after them delays nothing that is measured.
import { connect, type Socket } from 'node:net'
import type { SlowReport } from './slow-report.ts'

const DRIP_EVERY_MS = 500

const HEAD = 'GET /connect/github/connection HTTP/1.1\r\nHost: localhost\r\nX-Slow: '
const BODY = [
  'POST /connect/github/flows HTTP/1.1',
  'Host: localhost',
  'Cookie: session=slow',
  'Sec-Fetch-Site: same-origin',
  'X-Connect-GitHub: 1',
  'Content-Type: application/json',
  'Content-Length: 4000',
  '',
  '{"flowId":"',
].join('\r\n')

type SlowPart = 'head' | 'body'

const [port = 0, count = 0] = process.argv.slice(2).map(Number)
const longest = { head: 0, body: 0 }
const open = new Map<Socket, { readonly part: SlowPart; readonly since: number }>()
let closed = 0

function start(part: SlowPart): void {
  const since = performance.now()
  const socket = connect(port, '127.0.0.1', () => socket.write(part === 'head' ? HEAD : BODY))
  const timer = setInterval(() => socket.write('a'), DRIP_EVERY_MS)
  open.set(socket, { part, since })
  socket.resume().on('error', () => undefined)
  socket.on('close', () => {
    clearInterval(timer)
    open.delete(socket)
    closed += 1
    longest[part] = Math.max(longest[part], performance.now() - since)
    start(part)
  })
}

/** How long the one that lives longest has lived until it was closed, or until now. */
function longestMs(part: SlowPart): number {
  const ages = [...open.values()]
    .filter((one) => one.part === part)
    .map(({ since }) => performance.now() - since)
  return Math.round(Math.max(longest[part], ...ages))
}

for (let index = 0; index < count; index += 1) start(index % 2 === 0 ? 'head' : 'body')
const tell = (report: SlowReport): void => void process.send?.(report)
process.on('message', () => tell({ closed, headMs: longestMs('head'), bodyMs: longestMs('body') }))
process.on('disconnect', () => process.exit(0))
