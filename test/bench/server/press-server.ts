// As many requests as a server answers in a while, over connections that are kept. By hand, because every HTTP client is slower than
// the servers it would measure.
import { readFileSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'

const CONNECTIONS = 20
const HEAD_END = '\r\n\r\n'
/** Of /proc/<pid>/stat: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html counts in hundredths of a second. */
const MS_PER_TICK = 10

export interface Pressed {
  readonly answered: number
  readonly tookMs: number
  /** What the server's process worked for it. */
  readonly cpuMs: number
}

/** @throws Error when an answer is not 200. */
export async function pressServer(options: {
  readonly url: string
  readonly pid: number
  /** The head of each request, by its number. */
  readonly headOf: (index: number) => string
  readonly durationMs: number
}): Promise<Pressed> {
  const { url, pid, headOf, durationMs } = options
  const { hostname, port } = new URL(url)
  const startedAt = performance.now()
  const cpuBefore = readCpuMs(pid)
  let answered = 0
  const presses = Array.from({ length: CONNECTIONS }, async () => {
    const socket = createConnection(Number(port), hostname).setNoDelay(true)
    try {
      while (performance.now() - startedAt < durationMs) {
        answered += 1
        await exchange(socket, headOf(answered))
      }
    } finally {
      socket.destroy()
    }
  })
  await Promise.all(presses)
  return { answered, tookMs: performance.now() - startedAt, cpuMs: readCpuMs(pid) - cpuBefore }
}

function exchange(socket: Socket, head: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    const receive = (chunk: Buffer): void => {
      text += chunk.toString('latin1')
      const headEnd = text.indexOf(HEAD_END)
      if (headEnd === -1) return
      const [, length = '0'] = /content-length: (\d+)/i.exec(text) ?? []
      if (text.length < headEnd + HEAD_END.length + Number(length)) return
      socket.off('data', receive).off('error', reject)
      if (text.startsWith('HTTP/1.1 200')) resolve()
      else reject(new Error(text))
    }
    socket.on('data', receive).once('error', reject)
    socket.write(head)
  })
}

function readCpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return MS_PER_TICK * (Number(fields[11]) + Number(fields[12]))
}
