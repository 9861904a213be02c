// A request as bytes, with those marked that may be changed without breaking the framing.

export interface Template {
  readonly bytes: Buffer
  /** Where a byte may be replaced, as [from, to), by one that is allowed there. */
  readonly mutable: readonly {
    readonly from: number
    readonly to: number
    readonly kind: 'query' | 'header' | 'body'
  }[]
}

/** Line breaks and other control characters would end the header; the server refuses them, and closes. */
const headerValue = (text: string): string => text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '')

/** @param parts.isFixed whether the headers stay as they are. */
export function buildTemplate(parts: {
  readonly method: string
  readonly target: string
  readonly query: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
  readonly isFixed: boolean
}): Template {
  const { method, target, query, headers, body, isFixed } = parts
  const hasBody = method !== 'GET' && method !== 'OPTIONS'
  const start = Buffer.from(`${method} ${target}?`, 'latin1')
  const search = Buffer.from(query, 'latin1')
  const version = Buffer.from(' HTTP/1.1\r\nHost: localhost\r\n', 'latin1')
  const content = hasBody ? Buffer.from(body, 'latin1') : Buffer.alloc(0)
  const chunks: Buffer[] = [start, search, version]
  const mutable: Template['mutable'][number][] = [
    { from: start.length, to: start.length + search.length, kind: 'query' },
  ]
  let at = start.length + search.length + version.length
  for (const [header, value] of Object.entries(headers)) {
    const prefix = Buffer.from(`${header}: `, 'latin1')
    const line = Buffer.from(headerValue(value ?? '').slice(0, 3_500), 'latin1')
    if (!isFixed)
      mutable.push({ from: at + prefix.length, to: at + prefix.length + line.length, kind: 'header' })
    chunks.push(prefix, line, Buffer.from('\r\n'))
    at += prefix.length + line.length + 2
  }
  const end = Buffer.from(hasBody ? `Content-Length: ${content.length}\r\n\r\n` : '\r\n', 'latin1')
  chunks.push(end, content)
  mutable.push({ from: at + end.length, to: at + end.length + content.length, kind: 'body' })
  return { bytes: Buffer.concat(chunks), mutable: mutable.filter(({ from, to }) => to > from) }
}
