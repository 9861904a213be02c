// The script of the control page: posts what a button says and refreshes the lists every second.

/** Runs in the browser. Everything shown is set as text, so nothing that a client sent can become markup. */
export const CONTROL_SCRIPT = String.raw`const SHOWN = 50
const message = document.getElementById('message')

async function post(path, body) {
  try {
    const response = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })
    const problem = response.ok ? null : (await response.json()).error.message
    say(problem ?? 'Done.', problem !== null)
  } catch {
    say('The sandbox does not answer.', true)
  }
  await refresh()
}

function say(text, isProblem) {
  message.textContent = text
  message.classList.toggle('problem', isProblem)
  message.hidden = false
}

const time = (epochMs) => (epochMs === null ? '–' : new Date(epochMs).toISOString().slice(11, 23))
const account = ({ login, type }) => login + ' (' + type + ')'

const COLUMNS = {
  requests: (r) => ({ title: [r.method, r.path, r.status ?? 'cut'].join('  '), note: time(r.at) + '  ' + r.requestId,
    more: { query: r.query, headers: r.headers, body: r.body } }),
  bindings: (b) => ({ title: b.installationId + '  ' + account(b.account) + '  ' + b.status, note: b.organizationId + '  ' + b.registeredAt }),
  states: (s) => ({ title: s.state, note: s.organizationId + '  expires ' + time(s.expiresAt) + '  used ' + time(s.usedAt), more: s }),
  installations: (i) => ({ title: i.installationId + '  ' + account(i.account) + (i.suspendedAt === null ? '' : '  suspended'),
    note: i.repositorySelection + ' repositories', more: i }),
  githubRequests: (r) => ({ title: [r.method, r.path, r.status ?? 'cut'].join('  '), note: time(r.at) + '  ' + r.requestId,
    more: { query: r.query, headers: r.headers, body: r.body } }),
  userTokens: (t) => ({ title: t.person + ' through ' + t.app + (t.revokedAt === null ? '' : '  revoked'), note: 'issued ' + time(t.issuedAt), more: t }),
  webhookDeliveries: (d) => ({ title: [d.event, d.action ?? '', d.isHeld ? 'held' : (d.status ?? 'no answer')].join('  '),
    note: time(d.at) + '  ' + d.id + '  ' + d.app, more: { attempts: d.attempts, body: JSON.parse(d.body) } }),
  pendingRequests: (p) => ({ title: p.account, note: 'asked by ' + p.requestedBy + ' at ' + time(p.requestedAt) }),
}

function createElement(tag, text, className) {
  const element = document.createElement(tag)
  if (text !== undefined) element.textContent = text
  if (className !== undefined) element.className = className
  return element
}

const drawn = {}

function draw(name, items) {
  const text = JSON.stringify(items.slice(-SHOWN))
  document.getElementById(name + '-count').textContent = items.length
  if (drawn[name] === text) return
  drawn[name] = text
  const list = document.getElementById(name)
  const open = new Set([...list.querySelectorAll('details[open]')].map((details) => details.dataset.title))
  const rows = items.slice(-SHOWN).reverse().map((item) => {
    const { title, note, more } = COLUMNS[name](item)
    const row = createElement(more ? 'details' : 'div', undefined, 'item')
    row.dataset.title = title + note
    row.open = open.has(row.dataset.title)
    const head = createElement(more ? 'summary' : 'div')
    head.append(createElement('code', title), createElement('small', note))
    row.append(head)
    if (more) row.append(createElement('pre', JSON.stringify(more, null, 2)))
    return row
  })
  list.replaceChildren(...(rows.length > 0 ? rows : [createElement('p', list.dataset.empty, 'hint')]))
}

async function refresh() {
  let state
  try {
    state = await (await fetch('/sandbox/state')).json()
  } catch {
    document.getElementById('situation').textContent = 'The sandbox does not answer.'
    return
  }
  for (const name of Object.keys(COLUMNS)) draw(name, state[name])
  const { waiting, killSwitch, redirectOnUpdate, coop } = state.scenarios
  const queued = Object.entries(waiting).map(([name, times]) => name + ' × ' + times)
  document.getElementById('situation').textContent = [
    'Clock ' + Math.round(state.clockOffsetMs / 1000) + ' s ahead.',
    'Kill switch ' + (killSwitch ? 'on' : 'off') + '.',
    'Redirect on update ' + (redirectOnUpdate ? 'on' : 'off') + '.',
    'Opener policy ' + coop + '.',
    'Waiting: ' + (queued.join(', ') || 'nothing') + '.',
  ].join(' ')
}

for (const button of document.querySelectorAll('button[data-post]')) {
  button.addEventListener('click', () => post(button.dataset.post, button.dataset.body))
}
document.getElementById('custom').addEventListener('submit', (event) => {
  event.preventDefault()
  const form = new FormData(event.target)
  try {
    const params = JSON.parse(form.get('params') || '{}')
    post('/sandbox/scenarios', JSON.stringify({ ...params, name: form.get('name') }))
  } catch {
    say('The parameters are not JSON.', true)
  }
})
refresh()
setInterval(() => {
  if (!document.hidden) refresh()
}, 1000)
`
