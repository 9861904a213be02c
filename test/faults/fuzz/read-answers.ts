// Reads the answers to pipelined requests out of the bytes of a connection.

const HEAD_END = Buffer.from('\r\n\r\n')

export interface AnswerReader {
  /** The statuses of the answers that are complete with this chunk. */
  read(chunk: Buffer): readonly number[]
}

/** For answers to methods other than HEAD, of a known length, as all of the BFF's are. */
export function createAnswerReader(): AnswerReader {
  let rest: Buffer = Buffer.alloc(0)
  return {
    read(chunk) {
      const statuses: number[] = []
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      for (;;) {
        const headEnd = rest.indexOf(HEAD_END)
        if (headEnd < 0) return statuses
        const head = rest.toString('latin1', 0, headEnd)
        const bodyEnd = headEnd + HEAD_END.length + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
        if (rest.length < bodyEnd) return statuses
        statuses.push(Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]))
        rest = rest.subarray(bodyEnd)
      }
    },
  }
}
