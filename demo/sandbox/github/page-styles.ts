// The stylesheet of the GitHub side, light and dark, from 320 px up.

export const GITHUB_STYLES = `
:root { color-scheme: light dark; --page: #f5f6f8; --card: #fff; --line: #d3d8df; --text: #1d232b; --dim: #5a6572;
  --primary: #1a7f45; --primary-text: #fff; --focus: #2563d6; --notice: #fff2cc; --notice-text: #5c4300;
  --problem: #fdecec; --problem-text: #8f1d1d; --soft: #eef1f5; --top: #232a33; --top-text: #f2f4f7 }
@media (prefers-color-scheme: dark) {
  :root { --page: #0f1318; --card: #171c23; --line: #333c47; --text: #e6eaef; --dim: #9aa5b1; --primary: #2a9a58;
    --primary-text: #06150c; --focus: #7aa9ff; --notice: #3a2f0b; --notice-text: #f5dd93; --problem: #3d1717;
    --problem-text: #ffb9b3; --soft: #1f262f; --top: #090c10; --top-text: #e6eaef } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif }
.notice { margin: 0; padding: 8px 16px; background: var(--notice); color: var(--notice-text); text-align: center; font-size: 13px; font-weight: 600 }
.top { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; justify-content: space-between; padding: 12px 16px; background: var(--top); color: var(--top-text) }
.brand { display: flex; gap: 10px; align-items: center; font-weight: 700 }
.mark { width: 22px; height: 22px; border: 3px solid currentColor; border-radius: 50%; border-right-color: transparent }
.people { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; font-size: 14px }
main { max-width: 640px; margin: 0 auto; padding: 32px 16px 48px }
.card { padding: 24px; background: var(--card); border: 1px solid var(--line); border-radius: 12px }
h1 { margin: 0 0 8px; font-size: 22px; line-height: 1.25 }
h2 { margin: 20px 0 8px; font-size: 16px; line-height: 1.3 }
p { margin: 0 0 16px }
a { color: var(--focus) }
ul { margin: 0; padding: 0; list-style: none }
li { padding: 8px 0; overflow-wrap: anywhere }
li + li { border-top: 1px solid var(--line) }
li small { color: var(--dim); font-size: 13px }
.card > p:last-child { margin-bottom: 0 }
fieldset { min-width: 0; margin: 0 0 20px; padding: 0; border: 0 }
legend { padding: 0; margin-bottom: 8px; font-weight: 600 }
.row { display: flex; gap: 12px; align-items: center; padding: 10px 12px; border: 1px solid var(--line); cursor: pointer }
.row + .row { border-top: 0 }
.row:first-of-type { border-top-left-radius: 8px; border-top-right-radius: 8px }
.row:last-of-type { border-bottom-left-radius: 8px; border-bottom-right-radius: 8px }
.row:hover, .row:has(input:checked) { background: var(--soft) }
.row input { flex: none; width: 17px; height: 17px; margin: 0; accent-color: var(--focus) }
.words { min-width: 0; overflow-wrap: anywhere }
.words small { display: block; color: var(--dim); font-size: 13px }
.avatar { flex: none; display: grid; place-items: center; width: 32px; height: 32px; border-radius: 8px; background: #7c5cbf; color: #fff; font-weight: 700 }
.avatar-1 { background: #0f766e }
.avatar-2 { background: #b45309 }
.avatar-app { background: #1f2937 }
.owner { display: flex; gap: 12px; align-items: center; margin-bottom: 20px; padding-bottom: 20px; border-bottom: 1px solid var(--line) }
.empty { padding: 28px 16px; border: 1px dashed var(--line); border-radius: 8px; color: var(--dim); text-align: center }
.app { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 4px 12px; margin-top: 16px; padding: 16px; border: 1px solid var(--line); border-radius: 8px }
.app h2 { margin: 0 0 4px; font-size: 15px }
.app p { margin: 0 0 4px; color: var(--dim); font-size: 14px }
.app .problem { margin: 8px 0 0; color: var(--problem-text) }
.app .actions { grid-column: 2; margin-top: 8px }
.panel, .repositories { display: none }
.repositories { margin-top: 12px }
fieldset:has([value=selected]:checked) .repositories { display: block }
.install:has(#account-0:checked) [data-panel="0"], .install:has(#account-1:checked) [data-panel="1"],
.install:has(#account-2:checked) [data-panel="2"], .install:has(#account-3:checked) [data-panel="3"],
.install:has(#account-4:checked) [data-panel="4"] { display: block }
.hint, .leads { color: var(--dim) }
.leads { margin-top: 20px; font-size: 14px; overflow-wrap: anywhere }
.problem { padding: 10px 12px; border-radius: 8px; background: var(--problem); color: var(--problem-text) }
.actions { display: flex; flex-wrap: wrap; gap: 12px; margin: 0 }
button, .button { display: inline-block; min-height: 40px; padding: 8px 18px; border: 1px solid var(--line); border-radius: 8px; background: var(--soft); color: inherit; font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer }
button:hover, .button:hover { filter: brightness(.95) }
.primary { border-color: transparent; background: var(--primary); color: var(--primary-text) }
.danger { color: var(--problem-text) }
.quiet { min-height: 32px; padding: 4px 12px; border-color: currentColor; background: transparent }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px }
@media (max-width: 480px) {
  main { padding: 16px 12px 32px }
  .card { padding: 18px }
  .people > span { flex: 1 0 100% }
  .app .actions { grid-column: 1 / -1 }
  .actions button, .actions .button { flex: 1 } }
`
