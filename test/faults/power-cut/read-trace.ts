// Reads what one thread asked of its files from a trace that strace wrote with -xx: every string in hexadecimal.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

export type DiskEvent =
  | { readonly did: 'open'; readonly descriptor: number; readonly path: string; readonly flags: string }
  | { readonly did: 'close'; readonly descriptor: number }
  /** An offset of null is the file's own position: what goes to a pipe. */
  | {
      readonly did: 'write'
      readonly descriptor: number
      readonly bytes: Buffer
      readonly offset: number | null
    }
  | { readonly did: 'truncate'; readonly descriptor: number; readonly length: number }
  | { readonly did: 'sync'; readonly descriptor: number }
  | { readonly did: 'unlink' | 'make-directory'; readonly path: string }
  | { readonly did: 'link'; readonly from: string; readonly path: string }

/** What strace has to be asked for. A call that is not in here must not be one that changes files. */
export const TRACED_CALLS = [
  'open,openat,creat,close',
  'write,writev,pwrite64,pwritev,pwritev2,ftruncate,truncate,fallocate,copy_file_range,sendfile',
  'fsync,fdatasync,sync_file_range,msync',
  'mkdir,mkdirat,link,linkat,unlink,unlinkat,rename,renameat,renameat2,symlink,symlinkat',
].join(',')

const CALL = /^(\w+)\((.*)\)\s+= (-?\d+)/
const TEXT = /"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?/g

/** Failed calls are left out. @throws Error for a successful call that it does not understand: the run would prove nothing. */
export async function readTrace(file: string): Promise<readonly DiskEvent[]> {
  const events: DiskEvent[] = []
  for await (const line of createInterface(createReadStream(file))) {
    const [, call = '', values = '', result = ''] = CALL.exec(line) ?? []
    if (call === '' || call === 'execve' || Number(result) < 0) continue
    events.push(toEvent(call, values, Number(result)))
  }
  return events
}

function toEvent(call: string, values: string, result: number): DiskEvent {
  const texts: Buffer[] = []
  const rest = values.replaceAll(TEXT, (_match, hex: string, cut?: string) => {
    if (cut !== undefined) throw new Error('the trace holds only the beginning of a text')
    texts.push(Buffer.from(hex.replaceAll('\\x', ''), 'hex'))
    return ''
  })
  const numbers = rest.split(',').map((value) => Number(value.trim()))
  const [path = '', second = ''] = texts.map(String)
  const [descriptor = Number.NaN, , , position = Number.NaN] = numbers
  switch (call) {
    case 'openat':
    case 'open':
      return { did: 'open', descriptor: result, path, flags: rest }
    case 'close':
      return { did: 'close', descriptor }
    case 'write':
      return { did: 'write', descriptor, bytes: firstOf(texts, result), offset: null }
    case 'pwrite64':
      return { did: 'write', descriptor, bytes: firstOf(texts, result), offset: position }
    case 'ftruncate':
      return { did: 'truncate', descriptor, length: numbers[1] ?? Number.NaN }
    case 'fsync':
    case 'fdatasync':
      return { did: 'sync', descriptor }
    case 'unlink':
      return { did: 'unlink', path }
    case 'mkdir':
      return { did: 'make-directory', path }
    case 'link':
      return { did: 'link', from: path, path: second }
    default:
      throw new Error(`the trace holds a call that is not understood: ${call}`)
  }
}

function firstOf(texts: readonly Buffer[], length: number): Buffer {
  const [bytes] = texts
  if (bytes === undefined || bytes.length < length)
    throw new Error('the trace holds a write without its bytes')
  return bytes.subarray(0, length)
}
