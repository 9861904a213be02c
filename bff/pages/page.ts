// The shell of the few pages a customer passes through: one look, escaped text, and a policy that allows nothing else.
import { createHash } from 'node:crypto'
import type { ConnectContext } from '../middleware/request-context.ts'
import { PAGE_STYLE } from './page-style.ts'

export interface Page {
  readonly title: string
  readonly text: string
  /** Shows a moving line under the text. */
  readonly isBusy?: boolean
  /** `isHidden`: there for the script to show. */
  readonly link?: { readonly href: string; readonly label: string; readonly isHidden?: boolean }
  /** A short reference for support. */
  readonly reference?: string
  /** Constant code, pinned by its hash. What varies comes by `data`. */
  readonly script?: string
  /** Becomes `data-*` attributes of the body. */
  readonly data?: Readonly<Record<string, string>>
}

/** Sends a page. Nothing of it may be cached, framed, or loaded from anywhere. */
export function sendPage(ctx: ConnectContext, status: number, page: Page): void {
  ctx.status = status
  ctx.set('Content-Security-Policy', contentSecurityPolicyOf(page))
  ctx.type = 'text/html; charset=utf-8'
  ctx.body = renderPage(page)
}

function renderPage(page: Page): string {
  const data = Object.entries(page.data ?? {})
    .map(([name, value]) => ` data-${name}="${escapeHtml(value)}"`)
    .join('')
  const { href, label, isHidden = false } = page.link ?? { href: '', label: '', isHidden: true }
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${escapeHtml(page.title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body${data}>
<main>
<svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true"><path fill="currentColor" d="M10.6 13.4a1 1 0 0 1-1.4 1.4 5 5 0 0 1 0-7.1l3-3a5 5 0 0 1 7.1 7.1l-1.5 1.5a1 1 0 0 1-1.4-1.4l1.5-1.5a3 3 0 0 0-4.3-4.3l-3 3a3 3 0 0 0 0 4.3Zm2.8-2.8a1 1 0 0 1 1.4-1.4 5 5 0 0 1 0 7.1l-3 3a5 5 0 0 1-7.1-7.1l1.5-1.5a1 1 0 0 1 1.4 1.4l-1.5 1.5a3 3 0 0 0 4.3 4.3l3-3a3 3 0 0 0 0-4.3Z"/></svg>
<div role="status">
<h1 id="title">${escapeHtml(page.title)}</h1>
<p id="text">${escapeHtml(page.text)}</p>
</div>
<div id="progress" class="progress"${page.isBusy === true ? '' : ' hidden'}></div>
<a id="link" class="button" href="${escapeHtml(href)}"${isHidden ? ' hidden' : ''}>${escapeHtml(label)}</a>
${page.reference === undefined ? '' : `<p class="reference">Reference for support: ${escapeHtml(page.reference)}</p>`}
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
