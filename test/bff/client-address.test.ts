// Which address a request counts for: the socket's, unless a listed proxy says another.
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createClientAddress } from '../../bff/middleware/client-address.ts'

function requestFrom(remoteAddress: string | undefined, forwardedFor?: string | string[]): IncomingMessage {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress })
  const request = new IncomingMessage(socket)
  request.headers = {
    'x-real-ip': '203.0.113.66',
    forwarded: 'for=203.0.113.66',
    'true-client-ip': '203.0.113.66',
    'cf-connecting-ip': '203.0.113.66',
  }
  // node:http joins repeated headers into one; types allow a list.
  if (forwardedFor !== undefined) Object.assign(request.headers, { 'x-forwarded-for': forwardedFor })
  return request
}

const nobody = createClientAddress([])
const listed = createClientAddress(['10.0.0.0/8', '192.0.2.7', '2001:db8:1::/48', '::1'])

describe('without listed proxies', () => {
  it('whatever the headers say, the socket counts', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (claimed) => {
        expect(nobody(requestFrom('198.51.100.1', claimed))).toBe('198.51.100.1')
        expect(nobody(requestFrom('10.0.0.1', `${claimed}, 127.0.0.1`))).toBe('10.0.0.1')
      }),
    )
  })
})

describe('with listed proxies', () => {
  it.each([
    ['a client that is no proxy cannot claim another address', '198.51.100.1', '203.0.113.5', '198.51.100.1'],
    ['a proxy tells the client’s address', '10.0.0.1', '203.0.113.5', '203.0.113.5'],
    ['a proxy is listed by its one address', '192.0.2.7', '203.0.113.5', '203.0.113.5'],
    ['its neighbour is not', '192.0.2.8', '203.0.113.5', '192.0.2.8'],
    [
      'what the client put before the proxy’s entry is not believed',
      '10.0.0.1',
      '1.1.1.1, 203.0.113.5',
      '203.0.113.5',
    ],
    ['two proxies in a row are passed', '10.0.0.1', '1.1.1.1, 203.0.113.5, 10.9.9.9', '203.0.113.5'],
    ['only proxies leave the outermost', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['no header leaves the proxy', '10.0.0.1', undefined, '10.0.0.1'],
    ['an empty header leaves the proxy', '10.0.0.1', '', '10.0.0.1'],
    ['an empty entry ends the chain', '10.0.0.1', '203.0.113.5,', '10.0.0.1'],
    ['an entry that is no address ends the chain', '10.0.0.1', '203.0.113.5, unknown', '10.0.0.1'],
    ['an obfuscated entry ends the chain', '10.0.0.1', '_hidden', '10.0.0.1'],
    ['an octal-looking entry ends the chain', '10.0.0.1', '0300.0250.1.1', '10.0.0.1'],
    ['a proxy on a socket for both families is known', '::ffff:10.0.0.1', '203.0.113.5', '203.0.113.5'],
    ['an IPv6 proxy is known', '2001:db8:1::7', '203.0.113.5', '203.0.113.5'],
    ['white space around entries is dropped', '10.0.0.1', ' 203.0.113.5 ,\t10.0.0.2 ', '203.0.113.5'],
    ['an IPv4 entry with a port is its address', '10.0.0.1', '203.0.113.5:5678', '203.0.113.5'],
    ['an IPv6 entry in brackets is its /64', '10.0.0.1', '[2001:db8:aa:1::9]', '2001:0db8:00aa:0001'],
    ['one with a port, too', '10.0.0.1', '[2001:db8:aa:1::9]:443', '2001:0db8:00aa:0001'],
    ['a proxy’s entry with a port is passed', '10.0.0.1', '203.0.113.5, 10.9.9.9:41522', '203.0.113.5'],
    ['a listed proxy in brackets is passed', '10.0.0.1', '203.0.113.5, [::1]:443', '203.0.113.5'],
    ['an IPv4 address written as IPv6 is that', '10.0.0.1', '[::ffff:cb00:7105]:443', '203.0.113.5'],
    ['IPv4 in brackets is its address', '10.0.0.1', '[203.0.113.5]:443', '203.0.113.5'],
    ['a name in brackets ends the chain', '10.0.0.1', '[beef]:443', '10.0.0.1'],
    ['an entry without its port’s number ends the chain', '10.0.0.1', '203.0.113.5:', '10.0.0.1'],
    ['an open bracket ends the chain', '10.0.0.1', '[2001:db8::1', '10.0.0.1'],
    ['a port that is a name ends the chain', '10.0.0.1', '203.0.113.5:http', '10.0.0.1'],
    ['an octal-looking entry with a port ends the chain', '10.0.0.1', '0300.0250.1.1:80', '10.0.0.1'],
    [
      'a client in capitals and long form is one /64',
      '10.0.0.1',
      '2001:0DB8:00AA:0001:ffff::9',
      '2001:0db8:00aa:0001',
    ],
  ])('%s', (_, remote, forwardedFor, expected) => {
    expect(listed(requestFrom(remote, forwardedFor))).toBe(expected)
  })

  it('any header gives an address or the proxy, and never throws', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string({ unit: 'binary', maxLength: 30 }))),
        (entries) => {
          expect(listed(requestFrom('10.0.0.1', entries.join(',')))).toMatch(/^[0-9a-f.:]+$/)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('an IPv6 address', () => {
  it('counts by its /64, in whatever way it is written', () => {
    const one = [
      '2001:db8:0:1::1',
      '2001:db8:0:1:ffff:ffff:ffff:ffff',
      '2001:0DB8:0000:0001:0:0:0:9',
      '2001:db8:0:1::192.0.2.1',
      '2001:db8::1:2:3:192.0.2.1',
    ]
    expect(new Set(one.map((address) => nobody(requestFrom(address))))).toEqual(
      new Set(['2001:0db8:0000:0001']),
    )
    expect(nobody(requestFrom('2001:db8:0:2::1'))).not.toBe(nobody(requestFrom('2001:db8:0:1::1')))
    expect(nobody(requestFrom('::1'))).toBe('0000:0000:0000:0000')
    expect(nobody(requestFrom('fe80::1%eth0'))).toBe('fe80:0000:0000:0000')
  })

  it('that is an IPv4 address counts as that', () => {
    expect(nobody(requestFrom('::ffff:198.51.100.1'))).toBe('198.51.100.1')
    expect(nobody(requestFrom('::FFFF:198.51.100.1'))).toBe('198.51.100.1')
    expect(nobody(requestFrom('::ffff:c633:6401'))).toBe('198.51.100.1')
    expect(nobody(requestFrom('0:0:0:0:0:ffff:c633:6401'))).toBe('198.51.100.1')
    expect(listed(requestFrom('::ffff:a00:1', '203.0.113.5'))).toBe('203.0.113.5')
  })
})

it('a socket that is gone has one bucket of its own', () => {
  expect(nobody(requestFrom(undefined))).toBe('')
  expect(listed(requestFrom(undefined, '203.0.113.5'))).toBe('')
})
