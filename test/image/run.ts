// npm run test:image: carries out bff/Dockerfile without a container engine, and connects a customer with what comes out.
import { spawn, spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, chmodSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { createTokenSigner } from '../../bff/connect-token/signer.ts'
import { closeCanarySandbox, startCanarySandbox } from '../stack/canary-sandbox.ts'
import { createTestBrowser } from '../stack/test-browser.ts'
import { playDockerfile, type Stage } from './dockerfile.ts'

const ROOT = join(import.meta.dirname, '../..')
const PUBLIC_ORIGIN = 'http://localhost:9999'
const PUBLIC_URL = `${PUBLIC_ORIGIN}/connect/github`
const TOKEN_SECRET = 'a-secret-of-43-characters-0123456789-abcdef'
const ISSUER = 'https://app.example.com'

/** Only root may become somebody else; everybody else runs it as themselves. */
const isRoot = process.getuid?.() === 0
const as = (user: number) => (isRoot ? { uid: user, gid: user } : {})

const say = (line: string): void => void process.stdout.write(`  ${line}\n`)

function check(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(`not so: ${what}`)
  say(`✓ ${what}`)
}

/** A secret as an orchestrator mounts it: a file that only the container's user can read. */
function mountSecret(directory: string, name: string, value: string, { user }: Stage): string {
  const file = join(directory, name)
  writeFileSync(file, `${value}\n`, { mode: 0o400 })
  if (isRoot) chownSync(file, user, user)
  return file
}

async function connect(stage: Stage, secrets: string): Promise<void> {
  const canary = await startCanarySandbox()
  const data = join(stage.root, stage.volumes[0] ?? '')
  const env = {
    PATH: pathToNode(),
    ...stage.env,
    // What `/data` is in the container.
    DATABASE_URL: (stage.env['DATABASE_URL'] ?? '').replace('file:/data', `file:${data}`),
    HOST: '127.0.0.1',
    PORT: '0',
    DRAIN_SECONDS: '0',
    LAYERS_API_KEY_FILE: mountSecret(secrets, 'layers-api-key', canary.key, stage),
    CONNECT_TOKEN_SECRET_FILE: mountSecret(secrets, 'connect-token-secret', TOKEN_SECRET, stage),
    CONNECT_TOKEN_ISSUER: ISSUER,
    LAYERS_API_URL: canary.sandbox.layersUrl,
    GITHUB_URL: canary.sandbox.githubUrl,
    PUBLIC_URL,
  }
  const [command = '', ...args] = stage.entrypoint
  const cwd = join(stage.root, stage.workdir)
  const child = spawn(command, args, { cwd, env, ...as(stage.user), stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const url = await readUrl(child.stdout)
    const health = spawnSync(stage.healthcheck[0] ?? '', stage.healthcheck.slice(1), {
      env: { PATH: env.PATH, PORT: new URL(url).port },
      ...as(stage.user),
    })
    check(health.status === 0, 'its health check says that it lives')
    const dead = spawnSync(stage.healthcheck[0] ?? '', stage.healthcheck.slice(1), {
      env: { PATH: env.PATH, PORT: '9' },
    })
    check(dead.status === 1, 'the same check says no where nothing listens')

    const token = await createTokenSigner({
      secret: TOKEN_SECRET,
      issuer: ISSUER,
      audience: PUBLIC_URL,
    }).sign({
      tenantId: 'northwind',
      userId: 'ann',
      canConnect: true,
    })
    const browser = createTestBrowser({
      stack: {
        baseUrl: `${url}/connect/github`,
        publicOrigin: PUBLIC_ORIGIN,
        publicUrl: PUBLIC_URL,
        artefacts: canary.artefacts,
      },
      person: null,
      token,
    })
    const { flow } = await browser.connect()
    check((await browser.waitForEnd(flow.flowId)).status === 'connected', 'a customer connects')

    const ended = new Promise((resolve) => child.once('close', resolve))
    spawnSync('kill', [`-${stage.stopSignal.replace('SIG', '')}`, String(child.pid)])
    check((await ended) === 0, `${stage.stopSignal} ends it with exit code 0`)
  } finally {
    child.kill('SIGKILL')
    await closeCanarySandbox(canary)
  }
}

function readUrl(stdout: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    stdout.on('data', (chunk) => {
      text += String(chunk)
      const url = /"event":"listening","url":"([^"]+)"/.exec(text)?.[1]
      if (url !== undefined) resolve(url)
    })
    stdout.on('end', () => reject(new Error(`it ended before it listened: ${text}`)))
  })
}

function pathToNode(): string {
  return [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter)
}

/** Root may write everywhere, so only somebody else can show it. */
function checkReadOnly(stage: Stage): void {
  if (!isRoot) return say('not root, so that another user could not be tried')
  const writable = spawnSync('find', [join(stage.root, 'app'), '!', '-type', 'l', '-writable'], {
    ...as(stage.user),
    encoding: 'utf8',
  })
  check(writable.status === 0 && writable.stdout === '', 'its user can write to no file of the program')
  check(stage.user !== 0, 'its user is not root')
}

/** How packages are reached from this machine, as a build behind a proxy is told; nothing else of this environment. */
function wayOut(): Readonly<Record<string, string>> {
  const isNeeded =
    /^(https?_proxy|no_proxy|node_extra_ca_certs|npm_config_(registry|cafile|cache|userconfig))$/i
  const found = Object.entries(process.env).filter(
    (entry): entry is [string, string] => isNeeded.test(entry[0]) && entry[1] !== undefined,
  )
  return { ...Object.fromEntries(found), npm_config_prefer_offline: 'true' }
}

const directory = mkdtempSync(join(tmpdir(), 'connect-github-image-'))
chmodSync(directory, 0o755)
try {
  const home = join(directory, 'home')
  mkdirSync(home)
  const image = playDockerfile({
    dockerfile: join(ROOT, 'bff/Dockerfile'),
    context: ROOT,
    directory,
    env: { ...wayOut(), PATH: pathToNode(), HOME: home },
    report: say,
  })
  checkReadOnly(image)
  await connect(image, directory)
} finally {
  rmSync(directory, { recursive: true })
}
