// What the browser does in a case: windows it opens or blocks, a clipboard it allows or denies, a network it knows to be gone,
// and a clock that can run fast. Nothing of it leaves the page.

export interface Behaviour {
  /** Default `open`. */
  readonly popups?: 'open' | 'blocked' | undefined
  /** Default `allowed`. */
  readonly clipboard?: 'allowed' | 'denied' | undefined
}

let behaviour: Behaviour = {}
let isOnline = true

/** Runs a press while the browser behaves as said. */
export function withBehaviour(during: Behaviour, press: () => void): void {
  behaviour = during
  press()
  behaviour = {}
}

/** Call before anything is rendered. */
export function installDoubles(): void {
  // Nobody looks into the window but to close it.
  // eslint-disable-next-line typescript/no-unsafe-type-assertion
  const popup = { close: () => undefined } as Window
  window.open = () => (behaviour.popups === 'blocked' ? null : popup)
  const writeText = () =>
    behaviour.clipboard === 'denied'
      ? Promise.reject(new DOMException('Denied', 'NotAllowedError'))
      : Promise.resolve()
  Object.defineProperty(navigator, 'clipboard', { value: { writeText } })
  Object.defineProperty(navigator, 'onLine', { get: () => isOnline })
  // A flow that was under way before a reload belongs to a case that starts anew.
  sessionStorage.clear()
}

/** The failure's handlers find a browser that is on or off line. They run before the next task, so that no other card does. */
export function failWhile(online: boolean, fail: () => void): void {
  isOnline = online
  fail()
  setTimeout(() => (isOnline = true))
}

const LONG_MS = 5_000
const HURRY = 200

/**
 * Lets waits of five seconds and more pass 200 times as fast, until the returned function is called: the hints that
 * something takes long appear in a moment. Waits begun before or after are not touched.
 */
export function hurryClock(): () => void {
  const real = window.setTimeout
  // The typed overloads of Node, which are in scope in an editor, know more than the page's timer has.
  const hurried = (handler: TimerHandler, delayMs = 0, ...rest: unknown[]) =>
    real(handler, delayMs >= LONG_MS ? delayMs / HURRY : delayMs, ...rest)
  Object.assign(window, { setTimeout: hurried })
  return () => Object.assign(window, { setTimeout: real })
}
