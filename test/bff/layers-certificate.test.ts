// A Layers whose certificate has expired: the handshake fails, and neither key nor state leaves the BFF.
import { createServer, getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, expect, it } from 'vitest'
import { createClient, failureOf, find, listen, register } from './upstream-server.ts'

/** Of 127.0.0.1, for one day of 2020; made for this test, and good for nothing else. */
const EXPIRED = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBVTCB/aADAgECAgEBMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCTEyNy4wLjAu
MTAeFw0yMDAxMDEwMDAwMDBaFw0yMDAxMDIwMDAwMDBaMBQxEjAQBgNVBAMMCTEy
Ny4wLjAuMTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIHsAfBDJzBfIELdiMfi
cOpOfrdF9CmSHs+QdsH9/amSelhAiU9+gGqbNUQqPOAOyEmRqOxCf1oc+ghGza8G
mlSjQDA+MA8GA1UdEQQIMAaHBH8AAAEwDAYDVR0TBAUwAwEB/zAdBgNVHQ4EFgQU
b4U1MvlRKohoJMRyQA+VA5kR5x4wCgYIKoZIzj0EAwIDRwAwRAIgbiS/Zd74VmDm
BCVqVuCywtofSxI9WCvIri1mVaIjYB8CICvt2PyGVuXssUdpkVupc1Ue2iNEErGb
e0bnVN60xLAP
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgoZU0NtEfXvNSeSb9
7b66lAkYwJx01UlW4yzeOZDL5ZShRANCAASB7AHwQycwXyBC3YjH4nDqTn63RfQp
kh7PkHbB/f2pknpYQIlPfoBqmzVEKjzgDshJkajsQn9aHPoIRs2vBppU
-----END PRIVATE KEY-----
`,
}

const trusted = getCACertificates('default')
afterEach(() => setDefaultCACertificates(trusted))

it('is not spoken to, although its issuer is trusted', async () => {
  let bytes = 0
  const server = createServer(EXPIRED, (socket) => {
    socket.on('data', (chunk) => (bytes += chunk.length))
  })
  const url = (await listen(server)).replace('http:', 'https:')
  setDefaultCACertificates([EXPIRED.cert])
  const client = createClient(url)
  for (const call of [register, find]) {
    const failure = await failureOf(call(client))
    expect(failure).toMatchObject({ failure: 'network', isTransient: true, isOutage: true })
    expect(failure.cause).toMatchObject({ code: 'CERT_HAS_EXPIRED' })
  }
  expect(bytes).toBe(0)
})
