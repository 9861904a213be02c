// The address that rate limits count by: the socket's, or what a listed proxy says, never what anybody else says.
import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'

export type ClientAddressOf = (request: IncomingMessage) => string

/** @param trustedProxies addresses or CIDR ranges. */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddressOf {
  const proxies = new BlockList()
  for (const entry of trustedProxies) addToList(proxies, entry)
  const isProxy = (address: string): boolean => proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')

  return (request) => {
    let address = plainAddress(request.socket.remoteAddress ?? '')
    const hops = String(request.headers['x-forwarded-for'] ?? '').split(',')
    // From the nearest hop outwards: each listed proxy vouches for the one entry it appended.
    while (isIP(address) !== 0 && isProxy(address) && hops.length > 0) {
      const next = plainAddress((hops.pop() ?? '').trim())
      if (isIP(next) === 0) break
      address = next
    }
    return limitKeyOf(address)
  }
}

function addToList(proxies: BlockList, entry: string): void {
  const [address = '', prefix] = entry.split('/')
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  if (prefix === undefined) proxies.addAddress(address, family)
  else proxies.addSubnet(address, Number(prefix), family)
}

/** `::ffff:192.0.2.1` is 192.0.2.1 on a socket that speaks both. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}

/** One IPv6 customer has a whole /64 to rotate through, so it counts as one. */
function limitKeyOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const before = head.split(':').filter(Boolean)
  const after = (tail ?? '').split(':').filter(Boolean)
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0')
  return [...before, ...zeros, ...after]
    .slice(0, 4)
    .map((group) => group.padStart(4, '0').toLowerCase())
    .join(':')
}
