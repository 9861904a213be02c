// The address that rate limits count by: the socket's, or what a listed proxy says, never what anybody else says.
import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6, SocketAddress } from 'node:net'

const BRACKETS = /^\[([0-9A-Fa-f:.]+)\](?::\d{1,5})?$/
const IPV4_PORT = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/

export type ClientAddressOf = (request: IncomingMessage) => string

/** @param trustedProxies addresses or CIDR ranges. */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddressOf {
  const isProxy = createIsProxy(trustedProxies)

  return (request) => {
    let address = plainAddress(request.socket.remoteAddress ?? '')
    const hops = String(request.headers['x-forwarded-for'] ?? '').split(',')
    // From the nearest hop outwards: each listed proxy vouches for the one entry it appended.
    while (isProxy(address) && hops.length > 0) {
      const next = addressOf((hops.pop() ?? '').trim())
      if (isIP(next) === 0) break
      address = next
    }
    return countedAddressOf(address)
  }
}

/** Whether an address is one of a listed proxy. */
export function createIsProxy(trustedProxies: readonly string[]): (address: string | undefined) => boolean {
  const proxies = new BlockList()
  for (const entry of trustedProxies) addToList(proxies, entry)
  return (address = '') => {
    const plain = plainAddress(address)
    return isIP(plain) !== 0 && proxies.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
  }
}

function addToList(proxies: BlockList, entry: string): void {
  const [address = '', prefix] = entry.split('/')
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  if (prefix === undefined) proxies.addAddress(address, family)
  else proxies.addSubnet(address, Number(prefix), family)
}

/**
 * In the one way of writing that everything below relies on: without a zone, and as IPv4 where it is one, however that was written
 * (https://www.rfc-editor.org/rfc/rfc5952). `::ffff:192.0.2.1` is what a socket that speaks both says.
 */
function plainAddress(address: string): string {
  if (!isIPv6(address)) return address
  const [withoutZone = ''] = address.split('%')
  return new SocketAddress({ address: withoutZone, family: 'ipv6' }).address.replace(/^::ffff:(?=\d+\.)/, '')
}

/** An entry of `X-Forwarded-For`; some proxies add the port (`192.0.2.1:5678`, `[2001:db8::1]:443`). Anything else is no address. */
function addressOf(entry: string): string {
  const withPort = BRACKETS.exec(entry) ?? IPV4_PORT.exec(entry)
  return plainAddress(withPort?.[1] ?? entry)
}

/** What an address counts as. One IPv6 customer has a whole /64 to rotate through, so it counts as one. */
export function countedAddressOf(remoteAddress: string | undefined): string {
  const address = plainAddress(remoteAddress ?? '')
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const before = head.split(':').filter(Boolean)
  const after = (tail ?? '').split(':').filter(Boolean)
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0')
  return [...before, ...zeros, ...after]
    .slice(0, 4)
    .map((group) => group.padStart(4, '0'))
    .join(':')
}
