// The shell of the few pages a customer passes through: one look, escaped text, and a policy that allows nothing else.
import { createHash } from 'node:crypto'
import type { ConnectContext } from '../middleware/request-context.ts'
import { PAGE_STYLE } from './page-style.ts'
import type { Presentation } from './presentation.ts'

/** Of the sign on the mark: none, something is under way, good, needs attention, failed. */
export type Tone = 'idle' | 'busy' | 'good' | 'warn' | 'bad'

export interface Page {
  readonly tone: Tone
  readonly title: string
  readonly text: string
  /** A second line, hidden until the script shows it. */
  readonly hint?: string
  /** `isHidden`: there for the script to show. */
  readonly link?: { readonly href: string; readonly label: string; readonly isHidden?: boolean }
  /** A short reference for support. */
  readonly reference?: string
  /** Constant code, pinned by its hash. What varies comes by `data`. */
  readonly script?: string
  /** Becomes `data-*` attributes of the body. */
  readonly data?: Readonly<Record<string, string>>
}

/** GitHub's mark, of its Octicons (MIT). */
const MARK =
  'M24 0a24 24 0 0 0-7 47c1 0 1-1 1-1v-5c-6 1-8-1-8-3 0 0-2-2-2-3-1-1-3-1 0-1 1 0 3 1 3 2 2 4 6 3 7 2 0-1 1-3 2-3-6-1-11-3-11-12 0-3 1-5 2-7 0 0-1-3 0-6 0 0 3 0 7 3a22 22 0 0 1 12 0c4-3 7-3 7-3 1 4 0 6 0 6 1 2 2 4 2 7 0 9-5 11-11 12 1 1 2 2 2 4v7c0 0 0 1 1 1a24 24 0 0 0-7-47'

/** Sends a page. Nothing of it may be cached, framed, or loaded from anywhere. */
export function sendPage(ctx: ConnectContext, status: number, page: Page, presentation: Presentation): void {
  ctx.status = status
  ctx.set('Content-Security-Policy', contentSecurityPolicyOf(page))
  ctx.set('Content-Language', presentation.texts.tag)
  if (presentation.isNegotiated) ctx.vary('Accept-Language')
  ctx.type = 'text/html; charset=utf-8'
  ctx.body = renderPage(page, presentation)
}

function renderPage(page: Page, { texts, theme }: Presentation): string {
  const data = Object.entries(page.data ?? {})
    .map(([name, value]) => ` data-${name}="${escapeHtml(value)}"`)
    .join('')
  const { href, label, isHidden = false } = page.link ?? { href: '', label: '', isHidden: true }
  return `<!doctype html>
<html lang="${texts.tag}" dir="${texts.dir}"${theme === null ? '' : ` data-theme="${theme}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${theme ?? 'light dark'}">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>${escapeHtml(page.title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body${data}>
<main id="main" data-tone="${page.tone}">
<div class="mark" aria-hidden="true"><svg viewBox="0 0 48 48"><path fill="currentColor" d="${MARK}"/></svg></div>
<div role="status">
<h1 id="title">${escapeHtml(page.title)}</h1>
<p id="text">${escapeHtml(page.text)}</p>
<p id="hint" hidden>${escapeHtml(page.hint ?? '')}</p>
</div>
<a id="link" class="button" href="${escapeHtml(href)}"${isHidden ? ' hidden' : ''}>${escapeHtml(label)}</a>
${page.reference === undefined ? '' : `<p class="reference">${escapeHtml(texts.reference)} <bdi>${escapeHtml(page.reference)}</bdi></p>`}
</main>
${page.script === undefined ? '' : `<script>${page.script}</script>`}
</body>
</html>
`
}

/** `frame-ancestors`, `base-uri` and `form-action` do not fall back to `default-src`: https://www.w3.org/TR/CSP3/ */
function contentSecurityPolicyOf(page: Page): string {
  return [
    "default-src 'none'",
    // The empty icon. Without it browsers ask for /favicon.ico, which is the host's, and complain of the policy.
    'img-src data:',
    `style-src ${hashOf(PAGE_STYLE)}`,
    page.script === undefined ? "script-src 'none'" : `script-src ${hashOf(page.script)}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}

function hashOf(content: string): string {
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}
