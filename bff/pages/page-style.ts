// The look of the BFF's own pages: the widget's greys, radii and signs, in light and dark, in both directions, from 320 px up.
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f8fa, #0d1117); --card: light-dark(#fff, #161b22); --ink: light-dark(#1f2328, #e6edf3);
  --soft: color-mix(in srgb, var(--ink) 75%, var(--card)); --line: color-mix(in srgb, var(--ink) 20%, var(--card));
  --busy: #2f81f7; --good: #1f883d; --warn: #9a6700; --bad: #d1242f;
}
:root[data-theme=light] { color-scheme: light; }
:root[data-theme=dark] { color-scheme: dark; }
* { box-sizing: border-box; }
html, body { min-block-size: 100%; }
html { display: grid; }
body {
  margin: 0; padding: 1.25rem; display: grid; place-items: center;
  background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main {
  inline-size: min(27rem, 100%); padding: 2.25rem 1.75rem 2rem; text-align: center;
  background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
}
.mark { position: relative; inline-size: 4rem; block-size: 4rem; margin-inline: auto; direction: ltr; }
.mark svg { display: block; inline-size: 100%; block-size: 100%; padding: .625rem; }
.mark::after { position: absolute; color: #fff; forced-color-adjust: none; }
[data-tone=busy] .mark::after {
  content: ""; inset: 0; border: 2px solid var(--line); border-block-start-color: var(--busy); border-radius: 50%;
  animation: turn 1s linear infinite;
}
:is([data-tone=good], [data-tone=warn], [data-tone=bad]) .mark svg { mask: radial-gradient(circle at 82% 82%, #0000 .875rem, #000 calc(.875rem + 1px)); }
:is([data-tone=good], [data-tone=warn], [data-tone=bad]) .mark::after {
  content: "!"; inset: auto .0625rem .0625rem auto; inline-size: 1.375rem; block-size: 1.375rem; border-radius: 50%;
  background: var(--warn); font: 700 .875rem/1.375rem system-ui, sans-serif;
}
[data-tone=good] .mark::after { content: "\\2713"; background: var(--good); }
[data-tone=bad] .mark::after { background: var(--bad); }
@keyframes turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { .mark::after { animation: none !important; } }
h1 { margin: 1rem 0 .375rem; font-size: 1.25rem; line-height: 1.35; font-weight: 600; text-wrap: balance; overflow-wrap: anywhere; }
p { margin: 0; color: var(--soft); text-wrap: balance; overflow-wrap: anywhere; }
:is(h1, p):lang(ja) { word-break: auto-phrase; }
#hint { margin-block-start: .5rem; }
.button {
  display: inline-block; min-block-size: 2.5rem; margin-block-start: 1.5rem; padding: .5rem 1.125rem;
  border: 1px solid transparent; border-radius: .5rem;
  background: var(--ink); color: var(--card); font-weight: 500; text-decoration: none;
}
.button:hover { background: color-mix(in srgb, var(--ink) 85%, var(--card)); }
:focus-visible { outline: 2px solid var(--busy); outline-offset: 2px; }
.reference { margin-block-start: 1.25rem; font-size: .8125rem; }
.reference bdi { display: block; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .75rem; }
[hidden] { display: none; }
@media (max-width: 24rem) { body { padding: .75rem; } main { padding: 1.75rem 1.25rem 1.5rem; } }
`
