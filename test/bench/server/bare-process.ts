// The least a Node server can do: answer every request with the same JSON.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { z } from 'zod'
import { obey } from '../child.ts'

const orderSchema = z.object({ body: z.string() })

obey({}, async (order) => {
  const { body } = orderSchema.parse(order)
  const length = Buffer.byteLength(body)
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': length }).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { url: `http://127.0.0.1:${address.port}` }
})
