// The page a popup or tab opens inside the click: it waits until GitHub's URL is there, and goes on.
import { REQUEST_HEADER } from '../contract.ts'
import type { Page } from './page.ts'
import type { PageTexts } from './page-texts.ts'
import { toScriptTexts } from './script-texts.ts'

/** Longest the page waits for the flow to be ready, in milliseconds. */
const PATIENCE_MS = 30_000
/** Between an answer that came before the browser stored the flow cookie and the next try, in milliseconds; it doubles. */
const PAUSE_MS = 5

/** The URL comes from our own server, which checked it; the scheme is checked once more where it is used. */
const SCRIPT = `
'use strict';
const { texts, failed, cannotOpen, notOpened } = document.body.dataset;
const words = JSON.parse(texts);
const show = (title, text) => {
  document.getElementById('title').textContent = document.title = title;
  document.getElementById('text').textContent = text;
  document.getElementById('main').dataset.tone = 'warn';
  document.getElementById('link').hidden = false;
};
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const ask = () => fetch(location.pathname, {
  method: 'POST', mode: 'cors', credentials: 'same-origin', cache: 'no-store', body: '{}',
  headers: { 'Content-Type': 'application/json', '${REQUEST_HEADER}': '1' },
});
const giveUp = () => show(failed, cannotOpen);
async function launch() {
  let wait = ${PAUSE_MS};
  const patience = Date.now() + ${PATIENCE_MS};
  while (Date.now() < patience) {
    let response;
    try { response = await ask(); } catch { await pause(500); continue; }
    if (response.status === 202) { await pause(wait); wait = Math.min(wait * 2, 1000); continue; }
    const answer = await response.json();
    if (answer.status === 'ready' && /^https?:/.test(answer.url)) return location.replace(answer.url);
    if (answer.status === 'ended') { window.close(); return show(notOpened, words[answer.flow.error || answer.flow.status] || cannotOpen); }
    return show(failed, words[answer.error.code] || cannotOpen);
  }
  giveUp();
}
launch().catch(giveUp);
`

/** @param hostUrl where the way back leads when GitHub cannot be opened. */
export function createLaunchPage(texts: PageTexts, hostUrl: string): Page {
  return {
    tone: 'busy',
    ...texts.opening,
    link: { href: hostUrl, label: texts.goBack, isHidden: true },
    script: SCRIPT,
    data: {
      texts: toScriptTexts(texts),
      failed: texts.failed,
      'cannot-open': texts.cannotOpen,
      'not-opened': texts.notOpened,
    },
  }
}
