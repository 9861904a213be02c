// The page after GitHub: says what came of it, gives the host page its hint, and closes itself.
import { CHANNEL_NAME, ERRORS, FLOW_STATUSES, REQUEST_HEADER, type FlowStatus } from '../contract.ts'
import type { Flow } from '../storage/storage.ts'
import type { Page } from './page.ts'

/** How long the page waits to be closed before it offers another way back, in milliseconds. */
const CLOSE_GRACE_MS = 250

/**
 * Order matters: first the server is asked to go on (a `SameSite=Strict` session is visible only now, from our own origin), then
 * the host page is told to look, then the window closes. Nothing here is a fact for anybody; the server's status is.
 */
const SCRIPT = `
'use strict';
const { flow, host, mode, back, status, stays, finishes } = document.body.dataset;
const show = (title, text) => {
  document.getElementById('title').textContent = document.title = title;
  document.getElementById('text').textContent = text;
};
const stopProgress = () => { document.getElementById('progress').hidden = true; };
function hint() {
  const message = { source: 'connect-github', flowId: flow };
  try { const channel = new BroadcastChannel('${CHANNEL_NAME}'); channel.postMessage(message); channel.close(); } catch {}
  try { if (window.opener) window.opener.postMessage(message, host); } catch {}
}
async function finish() {
  const response = await fetch(location.pathname.replace(/done$/, 'finish'), {
    method: 'POST', mode: 'cors', credentials: 'same-origin', cache: 'no-store', body: '{}',
    headers: { 'Content-Type': 'application/json', '${REQUEST_HEADER}': '1' },
  });
  const answer = await response.json();
  if (answer.error && answer.error.message) { stopProgress(); show('Not finished yet', answer.error.message); return false; }
  if (answer.status === 'authorizing') { hint(); location.reload(); return false; }
  return true;
}
async function run() {
  const isSettled = status === 'returned' && finishes === 'true' ? await finish() : true;
  hint();
  if (stays === 'true') return;
  if (mode === 'redirect') { if (isSettled) location.replace(back); return; }
  if (!isSettled) return;
  window.close();
  setTimeout(() => {
    stopProgress();
    show(document.title, document.getElementById('text').textContent + ' You can close this window.');
  }, ${CLOSE_GRACE_MS});
}
if (flow) run().catch(() => { stopProgress(); hint(); });
`

const TITLES: Readonly<Partial<Record<FlowStatus, string>>> = {
  returned: 'Back from GitHub',
  authorizing: 'One more step on GitHub',
  binding: 'Thank you, finishing',
  connected: 'GitHub is connected',
  awaiting_approval: 'Approval requested',
  conflict: 'Not connected',
  refused: 'Not connected',
  expired: 'This took too long',
  cancelled: 'Cancelled',
  superseded: 'Replaced by a newer attempt',
  blocked: 'Not connected',
}

/** Ends that the customer did not expect on GitHub's page: the host page shows nothing of them, so this page has to. */
const STAYING: ReadonlySet<FlowStatus> = new Set(['cancelled', 'superseded'])
const STAYING_TEXT =
  'The app may be installed on GitHub now, but this attempt no longer counted, so nothing was connected. Go back and press Connect to use it.'

/** Why the customer is sent to GitHub a second time, before it happens. */
const AUTHORIZING_TEXT =
  'The app is installed. Now GitHub asks who you are: only an owner of the account can connect it, so that nobody connects one that is not theirs.'

/** True when the done page has something to say that must not disappear. */
export function mustStay(flow: Flow): boolean {
  return STAYING.has(flow.status)
}

export interface DonePageOptions {
  /** The page that leads on to GitHub. */
  readonly launchUrl: string
  /** False when this page cannot say who is there, because a connect token does: then the host page confirms. */
  readonly canFinish: boolean
}

/** What the browser that started the flow sees. No account name: whoever looks over the shoulder learns nothing. */
export function createDonePage(flow: Flow, { launchUrl, canFinish }: DonePageOptions): Page {
  const isAuthorizing = flow.status === 'authorizing'
  return {
    title: TITLES[flow.status] ?? 'Back from GitHub',
    text: textFor(flow),
    isBusy: flow.status === 'returned' || flow.status === 'binding',
    link: isAuthorizing
      ? { href: launchUrl, label: 'Continue on GitHub' }
      : { href: flow.returnTo, label: 'Go back' },
    script: SCRIPT,
    data: {
      flow: flow.flowId,
      host: flow.hostOrigin,
      mode: flow.mode,
      back: flow.returnTo,
      status: flow.status,
      stays: String(isAuthorizing || mustStay(flow)),
      finishes: String(canFinish),
    },
  }
}

function textFor(flow: Flow): string {
  if (mustStay(flow)) return STAYING_TEXT
  if (flow.status === 'authorizing') return AUTHORIZING_TEXT
  return flow.error === null ? FLOW_STATUSES[flow.status].sees : ERRORS[flow.error].text
}

/** For a browser without the flow's cookie: it says nothing about any flow, and nothing about whether there is one. */
export function createNeutralDonePage(hostUrl: string): Page {
  return {
    title: 'You can close this window',
    text: 'The page where you started shows how it went.',
    link: { href: hostUrl, label: 'Go back' },
  }
}
