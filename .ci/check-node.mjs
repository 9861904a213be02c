// Says in plain words that Node is too old, before TypeScript files would fail with an error about their extension.
// On Linux, npm's scripts find the pinned Node of node_modules/.bin first, so this speaks up elsewhere only.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `Node.js 22.18 or newer is needed; this is ${process.versions.node}.\n` +
      'On Linux, run `npm ci` and start this through npm, which brings its own Node. Elsewhere, install a newer Node.\n',
  )
  process.exit(1)
}
