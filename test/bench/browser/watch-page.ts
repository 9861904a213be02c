// What runs in the page of a benchmark: it notes when something happened, and presses what a customer would press. Each function is
// sent to the page as its source, so it stands alone.

declare function note(json: string): void

/** Before anything of the page's own. Times are epoch milliseconds by the page's clock, which is the machine's. */
export function watchPage(): void {
  const tell = (name: string, at: number): void => note(JSON.stringify({ name, at }))
  // The event's own time: the browser had not heard of the click before.
  const onClick = (event: Event): void => tell('clicked', Date.now() - (performance.now() - event.timeStamp))
  const states = ['not_connected', 'connected']
  addEventListener('click', onClick, { capture: true })
  new MutationObserver(() => {
    const [state] = states
    if (state === undefined || document.querySelector(`[data-cgh-state=${state}]`) === null) return
    states.shift()
    const at = Date.now()
    if (state === 'connected') tell('connected', at)
    // Pressed only when the page has come to rest.
    else requestIdleCallback(() => tell('ready', at))
  }).observe(document, { subtree: true, childList: true, attributes: true })
}

/** Where the connect button is. */
export function findButton(): { x: number; y: number } {
  const button = [...document.querySelectorAll('button')].find(({ textContent }) =>
    textContent.includes('Connect GitHub'),
  )
  if (button === undefined) throw new Error('there is nothing to press')
  const { x, y, width, height } = button.getBoundingClientRect()
  return { x: x + width / 2, y: y + height / 2 }
}

/** On the sandbox's page, whose styles show the buttons of its first few accounts only. */
export function install(account: string): void {
  if (window.opener !== null) throw new Error('the opener is not cut')
  const radio = document.querySelector(`input[name=account][value="${account}"]`)
  if (!(radio instanceof HTMLInputElement)) throw new Error(`GitHub does not offer ${account}`)
  radio.checked = true
  const panel = radio.id.replace('account-', '')
  const button = document.querySelector(`[data-panel="${panel}"] button[value=install]`)
  if (!(button instanceof HTMLButtonElement)) throw new Error(`the App is on ${account} already`)
  button.click()
}
