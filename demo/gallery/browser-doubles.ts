// What the browser does in a case: windows it opens or blocks, a clipboard it allows or denies, a network it knows to be gone,
// and a clock whose long waits are over at once or never. Nothing of it leaves the page.

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
  holdLongWaits()
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
let isHurried = false

/**
 * Waits of five seconds and more never end, so that a card stays what it is however slow the machine; while the clock is
 * hurried they pass 200 times as fast, so that the hints that something takes long appear in a moment.
 */
function holdLongWaits(): void {
  const real = window.setTimeout
  const held = (handler: TimerHandler, delayMs = 0, ...rest: unknown[]) => {
    if (delayMs < LONG_MS) return real(handler, delayMs, ...rest)
    return isHurried ? real(handler, delayMs / HURRY, ...rest) : real(() => undefined)
  }
  Object.assign(window, { setTimeout: held })
}

/** For the waits begun before the returned function is called. */
export function hurryClock(): () => void {
  isHurried = true
  return () => {
    isHurried = false
  }
}
