// Customers who give up: a start needs Layers, and nobody presses a hundred times a second while it is down.
import type { TrafficClient } from '../traffic/client.ts'

/** A client for each customer, which rejects where a patient one would ask again. */
export function refuseAfter(client: TrafficClient, mostPosts = 10): () => TrafficClient {
  return () => {
    let posts = 0
    return {
      close: () => undefined,
      async send(url, request) {
        if (request.method === 'POST') posts += 1
        const answer = await client.send(url, request)
        if (answer === undefined || answer.status >= 500 || posts > mostPosts) throw new Error('refused')
        return answer
      },
    }
  }
}
