// What the widget told this host, as a list in the page that a reload does not empty: tests read it and count.

const KEY = 'calls'

/** In a frame of another site a browser may refuse it; then a reload forgets. */
function whereAllowed<T>(access: () => T): T | undefined {
  try {
    return access()
  } catch {
    return undefined
  }
}

/** One line each, e.g. `onSuccess at render 2: acme-coffee`. */
export function noteCall(name: string, render: number, about: string): void {
  const line = `${name} at render ${render}: ${about}`
  whereAllowed(() => sessionStorage.setItem(KEY, JSON.stringify([...readCalls(), line])))
  show(line)
}

/** Shows what was noted before this page was loaded. */
export function showCalls(): void {
  for (const line of readCalls()) show(line)
}

function readCalls(): readonly string[] {
  const lines: unknown = JSON.parse(whereAllowed(() => sessionStorage.getItem(KEY)) ?? '[]')
  return Array.isArray(lines) ? lines.map(String) : []
}

function show(line: string): void {
  const item = document.createElement('li')
  item.textContent = line
  document.querySelector('#calls')?.append(item)
}
