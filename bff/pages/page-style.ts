// The look of the BFF's own pages, in light and dark, from 320 px up.
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #fff; --line: #d9dde3; --ink: #1c2129; --soft: #566070; --brand: #1f6feb; --on-brand: #fff;
}
@media (prefers-color-scheme: dark) {
  :root { --ground: #0e1116; --card: #171b22; --line: #2c333d; --ink: #e8ebf0; --soft: #9aa4b2; --brand: #6ea8ff; --on-brand: #0b1220; }
}
* { box-sizing: border-box; }
html, body { block-size: 100%; }
body {
  margin: 0; padding: 1.25rem; display: grid; place-items: center;
  background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main {
  inline-size: min(26rem, 100%); padding: 2rem 1.75rem; text-align: center;
  background: var(--card); border: 1px solid var(--line); border-radius: 14px;
  box-shadow: 0 1px 2px rgb(0 0 0 / .04), 0 8px 24px rgb(0 0 0 / .06);
}
svg { color: var(--soft); }
h1 { margin: .75rem 0 .375rem; font-size: 1.1875rem; line-height: 1.3; font-weight: 600; text-wrap: balance; }
p { margin: 0; color: var(--soft); text-wrap: pretty; overflow-wrap: anywhere; }
.progress { block-size: 3px; margin: 1.5rem auto 0; inline-size: 9rem; border-radius: 2px; overflow: hidden; background: var(--line); }
.progress::after { content: ""; display: block; block-size: 100%; inline-size: 40%; border-radius: 2px; background: var(--brand); animation: slide 1.2s ease-in-out infinite; }
@keyframes slide { from { transform: translateX(-110%); } to { transform: translateX(260%); } }
@media (prefers-reduced-motion: reduce) { .progress::after { animation: none; inline-size: 100%; opacity: .5; } }
.button {
  display: inline-block; margin-block-start: 1.5rem; padding: .5625rem 1.125rem; border-radius: 8px;
  background: var(--brand); color: var(--on-brand); font-weight: 600; text-decoration: none;
}
.button:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
.reference { margin-block-start: 1.25rem; font-size: .8125rem; }
[hidden] { display: none; }
`
