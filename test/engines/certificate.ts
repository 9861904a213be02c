// Lets the demo speak HTTPS: over HTTP WebKit keeps no Secure cookie, not even of localhost.

/** Of localhost, signed by itself; made for these tests, and good for nothing else. */
export const CERTIFICATE = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBlDCCATugAwIBAgIUf20qrDtKQ7mPqniy77bLH2/+2ucwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTE5MDg1NloYDzIxMjYxMDI4
MTkwODU2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQGq4Ja/bGqQPdIvgSi+wIJci6Ql37ShKeDkyUkYii60R8qla6UrFRm
7g9FrAV/51dUf9VIwtZhyNSeiMH4yhrTo2kwZzAdBgNVHQ4EFgQUE6Ilo9XrSsG+
XQdfHzrd9ahYAWswHwYDVR0jBBgwFoAUE6Ilo9XrSsG+XQdfHzrd9ahYAWswDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
RwAwRAIgVVD9uO5Rh3qMnhkJ9vVHTbzBbSKNYli/4rILHuW4uKACIFItQW0iYHPz
fMY0e9TSKbWrKtoKc+TzC3a3eMoDaeDX
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgzqj5X80tTu3Ps4Ki
lWFcmnsu2ZwAESNelvzWvw0zymShRANCAAQGq4Ja/bGqQPdIvgSi+wIJci6Ql37S
hKeDkyUkYii60R8qla6UrFRm7g9FrAV/51dUf9VIwtZhyNSeiMH4yhrT
-----END PRIVATE KEY-----
`,
}
