// The page after GitHub: says what came of it, gives the host page its hint, and closes itself.
import { CHANNEL_NAME, REQUEST_HEADER, type FlowStatus } from '../contract.ts'
import type { Flow } from '../storage/storage.ts'
import type { Page, Tone } from './page.ts'
import type { PageTexts } from './page-texts.ts'
import { toScriptTexts } from './script-texts.ts'

/** How long the page waits to be closed before it offers another way back, in milliseconds. */
const CLOSE_GRACE_MS = 250

/**
 * Order matters: first the server is asked to go on (a `SameSite=Strict` session is visible only now, from our own origin), then
 * the host page is told to look, then the window closes. Nothing here is a fact for anybody; the server's status is.
 *
 * A flow has an `error` as well, which is its code and no object: it has ended, which is no refusal. A code without a text is one of a
 * newer process.
 */
const SCRIPT = `
'use strict';
const { flow, host, mode, back, status, stays, finishes, notFinished, failed, texts } = document.body.dataset;
const main = document.getElementById('main');
const stopTurning = (tone) => { if (main.dataset.tone === 'busy') main.dataset.tone = tone; };
const refuse = (code) => {
  stopTurning('warn');
  document.getElementById('title').textContent = document.title = notFinished;
  document.getElementById('text').textContent = JSON.parse(texts)[code] || failed;
};
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
  if (answer.error && answer.error.code) { refuse(answer.error.code); return false; }
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
    stopTurning('idle');
    document.getElementById('hint').hidden = false;
  }, ${CLOSE_GRACE_MS});
}
if (flow) run().catch(() => { stopTurning('idle'); hint(); });
`

const TONES: Readonly<Record<FlowStatus, Tone>> = {
  starting: 'idle',
  waiting: 'idle',
  returned: 'busy',
  authorizing: 'idle',
  binding: 'busy',
  connected: 'good',
  awaiting_approval: 'warn',
  conflict: 'warn',
  refused: 'warn',
  expired: 'warn',
  cancelled: 'warn',
  superseded: 'warn',
  blocked: 'bad',
}

/** Ends that the customer did not expect on GitHub's page: the host page shows nothing of them, so this page has to. */
const STAYING: ReadonlySet<FlowStatus> = new Set(['cancelled', 'superseded'])

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
export function createDonePage(
  texts: PageTexts,
  flow: Flow,
  { launchUrl, canFinish }: DonePageOptions,
): Page {
  const isAuthorizing = flow.status === 'authorizing'
  return {
    tone: TONES[flow.status],
    title: texts.statuses[flow.status].title,
    text: textFor(texts, flow),
    hint: texts.closeWindow,
    link: isAuthorizing
      ? { href: launchUrl, label: texts.continueOnGitHub }
      : { href: flow.returnTo, label: texts.goBack },
    script: SCRIPT,
    data: {
      flow: flow.flowId,
      host: flow.hostOrigin,
      mode: flow.mode,
      back: flow.returnTo,
      status: flow.status,
      stays: String(isAuthorizing || mustStay(flow)),
      finishes: String(canFinish),
      'not-finished': texts.notFinished,
      failed: texts.failed,
      // Nothing else makes the script speak.
      texts: flow.status === 'returned' && canFinish ? toScriptTexts(texts) : '{}',
    },
  }
}

function textFor(texts: PageTexts, flow: Flow): string {
  if (mustStay(flow)) return texts.noLongerCounted
  if (flow.status === 'authorizing') return texts.whoYouAre
  return flow.error === null ? texts.statuses[flow.status].text : texts.errors[flow.error]
}

/** For a browser without the flow's cookie: it says nothing about any flow, and nothing about whether there is one. */
export function createNeutralDonePage(texts: PageTexts, hostUrl: string): Page {
  return { tone: 'idle', ...texts.elsewhere, link: { href: hostUrl, label: texts.goBack } }
}
