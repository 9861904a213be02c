// What the demo says in the terminal once it runs.
import type { Settings } from './settings.ts'
import type { Demo } from './start-demo.ts'

const SECOND_STEP = `
     GitHub asks once more who you are, because the demo proves that you own the account:
     press Continue on GitHub, and Authorize.`

export function describeDemo(demo: Demo, settings: Settings): string {
  const data =
    settings.dataDirectory !== undefined
      ? `Kept in ${demo.dataDirectory}. The sandbox forgets: after a restart, GitHub has to be connected again.`
      : `In ${demo.dataDirectory}, removed at the end: each start is a clean one.\n           DEMO_DATA_DIR=<directory> keeps it.`
  return `
The demo runs.

  Brightline, a partner’s product      ${demo.hostUrl}${describeBff(demo, settings)}
  Sandbox, control page                ${demo.sandbox.controlUrl}
  Sandbox, GitHub                      ${demo.githubPageUrl}

Click in this order:

  1. Open ${demo.hostUrl} and sign in as Ada Lindqvist, an admin of Northwind.
  2. Open Integrations and press the button that connects GitHub.
  3. On the sandbox’s GitHub choose the account acme-coffee and press Install.${settings.ownership === undefined ? '' : SECOND_STEP}
     The window closes by itself, and Brightline shows what is connected.
  4. Sign out, sign in as Gus Okafor of Globex: another company, a connection of its own.
     Vic and Wen are viewers: they may look, not connect.
  5. Open the control page, switch something to fail, and connect again.

  Data:    ${data}
  BFF log: ${demo.logFile ?? 'not kept'}

Ctrl-C stops everything.
`
}

function describeBff({ bffUrl }: Demo, { bffOrigin, identity, tokenLifetimeSeconds }: Settings): string {
  const lines = []
  if (bffOrigin === 'other') lines.push(`  BFF, on an origin of its own         ${bffUrl}`)
  if (identity === 'token')
    lines.push(`  Who is asking                        tokens of ${tokenLifetimeSeconds} seconds`)
  return lines.map((line) => `\n${line}`).join('')
}
