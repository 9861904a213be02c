// The stylesheet of the control page, light and dark, from 320 px up.

export const CONTROL_STYLES = `
:root { color-scheme: light dark; --page: #f5f6f8; --card: #fff; --line: #d3d8df; --text: #1d232b; --dim: #5a6572;
  --soft: #eef1f5; --focus: #2563d6; --problem: #fdecec; --problem-text: #8f1d1d; --done: #e7f6ec; --done-text: #11592f }
@media (prefers-color-scheme: dark) {
  :root { --page: #0f1318; --card: #171c23; --line: #333c47; --text: #e6eaef; --dim: #9aa5b1; --soft: #1f262f;
    --focus: #7aa9ff; --problem: #3d1717; --problem-text: #ffb9b3; --done: #12301d; --done-text: #a6e4bd } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif }
header, main { max-width: 1080px; margin: 0 auto; padding: 24px 20px 0 }
main { padding-bottom: 48px }
a { color: var(--focus) }
h1 { margin: 0; font-size: 24px }
h2 { margin: 0 0 12px; font-size: 17px }
h3 { margin: 0; font-size: 15px }
p { margin: 0 0 12px }
dl { display: grid; gap: 4px; margin: 0 }
dl div { display: flex; gap: 12px }
dt { flex: none; width: 92px; color: var(--dim) }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere }
code, pre, textarea { font: 13px/1.5 ui-monospace, monospace }
section { margin: 0 0 16px; padding: 20px; background: var(--card); border: 1px solid var(--line); border-radius: 12px }
.groups { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr)); gap: 24px }
.hint, small, .count { color: var(--dim); font-weight: 400; font-size: 13px }
.hint { margin-bottom: 8px }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; margin: 0 }
button { min-height: 34px; padding: 4px 12px; border: 1px solid var(--line); border-radius: 8px; background: var(--soft); color: inherit; font: inherit; font-size: 14px; cursor: pointer }
button:hover { border-color: var(--dim) }
.danger { border-color: var(--problem-text); color: var(--problem-text) }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px }
.message { padding: 10px 14px; border-radius: 8px; background: var(--done); color: var(--done-text) }
.message.problem { background: var(--problem); color: var(--problem-text) }
.custom { display: grid; gap: 12px; justify-items: start; margin-top: 24px; padding-top: 20px; border-top: 1px solid var(--line) }
.custom label { display: grid; gap: 4px; width: min(480px, 100%) }
select, textarea { width: 100%; padding: 6px 10px; border: 1px solid var(--line); border-radius: 8px; background: var(--page); color: inherit }
.item { padding: 8px 0; border-top: 1px solid var(--line); overflow-wrap: anywhere }
.item:first-child { border-top: 0 }
.item code { margin-right: 12px; white-space: pre-wrap }
summary { cursor: pointer }
pre { margin: 8px 0 0; padding: 12px; border-radius: 8px; background: var(--soft); white-space: pre-wrap }
`
