// The page a popup or tab opens inside the click: it waits until GitHub's URL is there, and goes on.
import { REQUEST_HEADER } from '../contract.ts'
import type { Page } from './page.ts'

/** Longest the page waits for the flow to be ready, in milliseconds. */
const PATIENCE_MS = 30_000
/** Between an answer that came before the browser stored the flow cookie and the next try, in milliseconds; it doubles. */
const PAUSE_MS = 25

/** The URL comes from our own server, which checked it; the scheme is checked once more where it is used. */
const SCRIPT = `
'use strict';
const show = (title, text) => {
  document.getElementById('title').textContent = document.title = title;
  document.getElementById('text').textContent = text;
  document.getElementById('progress').hidden = true;
  document.getElementById('link').hidden = false;
};
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const ask = () => fetch(location.pathname, {
  method: 'POST', mode: 'cors', credentials: 'same-origin', cache: 'no-store', body: '{}',
  headers: { 'Content-Type': 'application/json', '${REQUEST_HEADER}': '1' },
});
const giveUp = () => show('This did not work', 'GitHub could not be opened. Please go back and try again.');
async function launch() {
  let wait = ${PAUSE_MS};
  const patience = Date.now() + ${PATIENCE_MS};
  while (Date.now() < patience) {
    let response;
    try { response = await ask(); } catch { await pause(500); continue; }
    if (response.status === 202) { await pause(wait); wait = Math.min(wait * 2, 1000); continue; }
    const answer = await response.json();
    if (answer.status === 'ready' && /^https?:/.test(answer.url)) return location.replace(answer.url);
    if (answer.status === 'ended') { window.close(); return show('GitHub was not opened', answer.text); }
    return show('This did not work', answer.error.message);
  }
  giveUp();
}
launch().catch(giveUp);
`

/** @param hostUrl where the way back leads when GitHub cannot be opened. */
export function createLaunchPage(hostUrl: string): Page {
  return {
    title: 'Opening GitHub…',
    text: 'One moment, this goes on by itself.',
    isBusy: true,
    link: { href: hostUrl, label: 'Go back', isHidden: true },
    script: SCRIPT,
  }
}
