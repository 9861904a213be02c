// Runs a TypeScript file: `node .ci/with-node.mjs file.ts`. On this Node when it is new enough, else on the pinned one, which some
// versions of npm put into node_modules without a link in node_modules/.bin.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const MIN_NODE = [22, 18]

function isNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1])
}

function findNode() {
  if (isNewEnough()) return process.execPath
  const name = `node-${process.platform}-${process.arch}`
  const pinned = fileURLToPath(new URL(`../node_modules/${name}/bin/node`, import.meta.url))
  return existsSync(pinned) ? pinned : undefined
}

const node = findNode()
if (node === undefined) {
  process.stderr.write(
    `Node.js ${MIN_NODE.join('.')} or newer is needed; this is ${process.versions.node}.\n` +
      'On Linux, `npm ci` brings one along. Elsewhere, install a newer Node.\n',
  )
  process.exit(1)
}

const child = spawn(
  node,
  process.argv.slice(2).map((argument, index) => (index === 0 ? resolve(argument) : argument)),
  {
    stdio: 'inherit',
    // What the file starts in turn, such as test runners, has to find the same Node.
    env: { ...process.env, PATH: dirname(node) + delimiter + (process.env.PATH ?? '') },
  },
)
// Ctrl-C reaches the child by itself; this process stays until the child has ended.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.once('exit', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 1
})
