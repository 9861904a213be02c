// Sends exactly one HTTP request, with nothing added, and reads the whole answer.
import { request as httpRequest } from 'node:http'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export interface RequestOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: string
}

/** node:http instead of fetch: fetch sets Fetch Metadata headers of its own and refuses some others. */
export function sendRaw(url: string, options: RequestOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { body } = options
    // node:http frames the body of a DELETE only when it is told the length.
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const headers = Object.entries({ ...length, ...options.headers }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    )
    const request = httpRequest(
      url,
      { method: options.method ?? 'GET', headers: Object.fromEntries(headers) },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => (text += chunk))
        response.once('error', reject)
        response.once('end', () => {
          const answerHeaders = new Headers()
          for (let index = 0; index < response.rawHeaders.length; index += 2) {
            answerHeaders.append(response.rawHeaders[index] ?? '', response.rawHeaders[index + 1] ?? '')
          }
          resolve({ status: response.statusCode ?? 0, headers: answerHeaders, text })
        })
      },
    )
    request.once('error', reject)
    request.end(body)
  })
}
